/** Asks every service what is new and hands out what waits, and says what came of it. */
import { type MutationState, useMutationState } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../preload/contract.ts';
import type { CallError } from '../../bridge.ts';
import { useCallMutation, useIsCalling } from '../../desk.tsx';
import { useAnnounce } from '../../ui/announcer.tsx';
import { errorKey } from '../../ui/error-key.ts';

export interface SyncNow {
  readonly running: boolean;
  /** In words: why the last sync that was asked for here did not do all of it. */
  readonly problem: string | undefined;
  now(): void;
}

export function useSyncNow(): SyncNow {
  const { t, i18n } = useTranslation();
  const announce = useAnnounce();
  const sync = useCallMutation('sync.now', ['sync.status', 'inbox.list', 'inbox.show', 'accounts.list']);
  const running = useIsCalling('sync.now');
  const words = (code: string) => t(`${errorKey(code, (key) => i18n.exists(key))}.what`);
  // Whoever asked: a key, the palette, or the button.
  const asked = useMutationState({
    filters: { mutationKey: ['sync.now'] },
    select: ({ state }) => state as MutationState<CallOutput<'sync.now'>, CallError>,
  });
  const last = asked.findLast(({ status }) => status === 'success' || status === 'error');
  const problem = last?.error?.code ?? last?.data?.errors[0];
  return {
    running,
    problem: problem === undefined ? undefined : words(problem),
    now() {
      if (running) return;
      sync.mutate(
        {},
        {
          onSuccess: ({ pulled, delivered }) => announce(t('sync.done', { pulled, delivered })),
          onError: ({ code }) => announce(words(code)),
        },
      );
    },
  };
}
