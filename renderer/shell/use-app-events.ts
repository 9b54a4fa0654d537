/** What reaches the window from outside: something to open; and what the window tells outside: how much waits, and unsent work. */
import { useEffect } from 'react';
import { ask } from '../bridge.ts';
import { useBridge, useCall, useDeskEvent } from '../desk.tsx';
import { useFiles } from '../features/files/files-context.tsx';
import { useNavigation } from './navigation.tsx';

/** Goes to what a link, a notification or another start of the app asks for. */
function useOpened(): void {
  const bridge = useBridge();
  const { go } = useNavigation();
  const { take: takeFiles } = useFiles();
  useDeskEvent('app.open', ({ transactionId }) => {
    if (transactionId !== undefined) go({ name: 'document', transactionId });
    else take();
  });
  function take() {
    ask(bridge, 'app.takeOpened', {}).then(
      ({ transactionId, files }) => {
        if (transactionId !== undefined) go({ name: 'document', transactionId });
        if (!files || files.length === 0) return;
        takeFiles(files);
        go({ name: 'files' });
      },
      () => undefined,
    );
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: what waited for this window is taken once
  useEffect(take, []);
}

export function useAppEvents(): void {
  useOpened();
  const toDo = useCall('inbox.list', { view: 'to-do', offset: 0, limit: 1 }).data?.counts['to-do'] ?? 0;
  const status = useCall('sync.status', {}).data;
  const unsent = (status?.waiting ?? 0) > 0;
  useEffect(() => {
    document.title = toDo > 0 ? `(${toDo}) Countersign` : 'Countersign';
  }, [toDo]);
  useEffect(() => {
    if (!unsent) return;
    // The host, or the browser, asks in its own words.
    const stay = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', stay);
    return () => window.removeEventListener('beforeunload', stay);
  }, [unsent]);
}
