/** The window's frame: the rail, the place the person is at, and the sync bar below. */
import { Center, Loader } from '@mantine/core';
import { Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { InboxScreen } from '../features/inbox/inbox-screen.tsx';
import { type InboxState, initialInbox } from '../features/inbox/inbox-state.ts';
import { SyncBar } from '../features/sync/sync-bar.tsx';
import { useSyncNow } from '../features/sync/use-sync-now.ts';
import { type Command, useCommands } from './commands.tsx';
import { useNavigation } from './navigation.tsx';
import { DocumentScreen, type Page, pageNames, pages } from './pages.ts';
import { Palette } from './palette.tsx';
import { placeKeys, Rail } from './rail.tsx';
import classes from './shell.module.css';
import { ShortcutsDialog } from './shortcuts-dialog.tsx';
import { useAppEvents } from './use-app-events.ts';

function Waiting() {
  return (
    <Center h="100%" aria-busy="true">
      <Loader size="sm" />
    </Center>
  );
}

interface ScreensProps {
  readonly inbox: InboxState;
  readonly onInbox: (state: InboxState) => void;
}

function Screens({ inbox, onInbox }: ScreensProps) {
  const { place, go, back } = useNavigation();
  if (place.name === 'inbox') {
    return (
      <InboxScreen
        state={inbox}
        onChange={onInbox}
        onOpen={(transactionId) => go({ name: 'document', transactionId })}
      />
    );
  }
  if (place.name === 'document') {
    return <DocumentScreen key={place.transactionId} transactionId={place.transactionId} onBack={back} />;
  }
  const { Screen } = pages[place.name] as Page;
  return <Screen onBack={back} />;
}

/** The commands that are there wherever the person is. */
function useShellCommands(overlay: (shown: 'palette' | 'shortcuts') => void): void {
  const { t } = useTranslation();
  const { go } = useNavigation();
  const sync = useSyncNow();
  const group = t('nav.places');
  const toPages = pageNames.map((name, i): Command => {
    const keys = placeKeys(i + 1);
    return {
      id: `go ${name}`,
      label: t((pages[name] as Page).label),
      group,
      ...(keys ? { keys } : {}),
      run: () => go({ name }),
    };
  });
  const app = t('shortcuts.app');
  useCommands([
    { id: 'go inbox', label: t('nav.inbox'), group, keys: 'mod+1', run: () => go({ name: 'inbox' }) },
    ...toPages,
    {
      id: 'palette',
      label: t('palette.title'),
      group: app,
      keys: 'mod+k',
      inPalette: false,
      run: () => overlay('palette'),
    },
    { id: 'shortcuts', label: t('shortcuts.title'), group: app, keys: '?', run: () => overlay('shortcuts') },
    {
      id: 'help',
      label: t('shortcuts.title'),
      group: app,
      keys: 'F1',
      inPalette: false,
      run: () => overlay('shortcuts'),
    },
    { id: 'sync', label: t('sync.now'), group: app, keys: 'F5', run: sync.now },
  ]);
}

export function Shell() {
  const { place } = useNavigation();
  const [shown, setShown] = useState<'palette' | 'shortcuts'>();
  const [inbox, setInbox] = useState(initialInbox);
  useShellCommands(setShown);
  useAppEvents();
  const close = () => setShown(undefined);
  return (
    <div className={classes.frame}>
      <Rail />
      <div className={classes.screen}>
        {/* A place of its own each: what was left does not stay behind the one that is being fetched, keys and all. */}
        <Suspense key={place.name} fallback={<Waiting />}>
          <Screens inbox={inbox} onInbox={setInbox} />
        </Suspense>
      </div>
      <SyncBar />
      {shown === 'palette' && <Palette onClose={close} />}
      {shown === 'shortcuts' && <ShortcutsDialog onClose={close} />}
    </div>
  );
}
