/** The window's frame: an account first, then the inbox, one document or the tokens, and always the sync bar below. */
import { Center, Loader } from '@mantine/core';
import { lazy, Suspense, useCallback, useState } from 'react';
import classes from './app.module.css';
import { useCall, useDeskRefresh } from './desk.tsx';
import { FirstRun } from './features/accounts/first-run.tsx';
import { InboxScreen } from './features/inbox/inbox-screen.tsx';
import { initialInbox } from './features/inbox/inbox-state.ts';
import { SyncBar } from './features/sync/sync-bar.tsx';
import { useConditions } from './features/sync/use-conditions.ts';
import { useLanguage } from './i18n/use-language.ts';
import { ErrorNotice } from './ui/error-notice.tsx';

const DocumentScreen = lazy(() => import('./features/document/document-screen.tsx'));
const TokensScreen = lazy(() => import('./features/tokens/tokens-screen.tsx'));

function Waiting() {
  return (
    <Center h="100%">
      <Loader size="sm" />
    </Center>
  );
}

function Screens() {
  const [opened, setOpened] = useState<string>();
  const [inbox, setInbox] = useState(initialInbox);
  const [tokens, setTokens] = useState(false);
  const leaveTokens = useCallback(() => setTokens(false), []);
  if (tokens) {
    return (
      <Suspense fallback={<Waiting />}>
        <TokensScreen onBack={leaveTokens} />
      </Suspense>
    );
  }
  if (opened === undefined) {
    return <InboxScreen state={inbox} onChange={setInbox} onOpen={setOpened} onTokens={() => setTokens(true)} />;
  }
  return (
    <Suspense fallback={<Waiting />}>
      <DocumentScreen key={opened} transactionId={opened} onBack={() => setOpened(undefined)} />
    </Suspense>
  );
}

export function App() {
  useDeskRefresh();
  useConditions();
  useLanguage();
  const accounts = useCall('accounts.list', {});
  if (accounts.isPending) return <Waiting />;
  if (accounts.isError) {
    return (
      <Center h="100%" p="xl">
        <ErrorNotice code={accounts.error.code} onRetry={() => void accounts.refetch()} />
      </Center>
    );
  }
  if (accounts.data.length === 0) return <FirstRun />;
  return (
    <div className={classes.frame}>
      <div className={classes.screen}>
        <Screens />
      </div>
      <SyncBar />
    </div>
  );
}
