/** Cards and tokens as they are now: what can sign, what keeps the rest from it, and where the way to a signature ends. */
import { Button, Center, Loader } from '@mantine/core';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../preload/contract.ts';
import { ask } from '../../bridge.ts';
import { useBridge, useCall, useCallMutation } from '../../desk.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Page } from '../../ui/page.tsx';
import { AbsentCards } from './absent-cards.tsx';
import { DiagnosisNotice } from './diagnosis-notice.tsx';
import { LoginLifetime } from './login-lifetime.tsx';
import { Modules } from './modules.tsx';
import { Readers } from './readers.tsx';
import { TokenCard } from './token-card.tsx';
import classes from './tokens-screen.module.css';

/** The desk forgets after half a minute that somebody looks. */
const KEEP_WATCHING_MS = 15_000;

/** Tells the desk that the tokens are looked at, as long as they are. */
function useWatchedTokens() {
  const bridge = useBridge();
  useEffect(() => {
    const watch = () => void ask(bridge, 'tokens.watch', {}).catch(() => undefined);
    watch();
    const timer = setInterval(watch, KEEP_WATCHING_MS);
    return () => clearInterval(timer);
  }, [bridge]);
}

export default function TokensScreen({ onBack }: { onBack: () => void }) {
  const { t } = useTranslation();
  useWatchedTokens();
  const shown = useCall('tokens.diagnose', {});
  const again = useCallMutation('tokens.diagnose', ['tokens.diagnose', 'tokens.list']);
  return (
    <Page
      title={t('tokens.title')}
      onBack={onBack}
      actions={
        <Button variant="default" loading={again.isPending} onClick={() => again.mutate({ again: true })}>
          {t('tokens.again')}
        </Button>
      }
    >
      {shown.data ? (
        <Surroundings shown={shown.data} />
      ) : shown.isError ? (
        <Center p="xl">
          <ErrorNotice code={shown.error.code} onRetry={() => void shown.refetch()} />
        </Center>
      ) : (
        <Center h="100%" aria-busy="true">
          <Loader size="sm" aria-label={t('token.looking')} />
        </Center>
      )}
    </Page>
  );
}

function Surroundings({ shown }: { shown: CallOutput<'tokens.diagnose'> }) {
  const { t } = useTranslation();
  return (
    <div className={classes.body}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled area must be reachable by keyboard */}
      <main className={classes.main} tabIndex={0} aria-label={t('tokens.title')}>
        <DiagnosisNotice diagnosis={shown.diagnosis} />
        {shown.tokens.map((token) => (
          <TokenCard key={token.id} token={token} />
        ))}
        <AbsentCards absent={shown.absent} />
      </main>
      <aside className={classes.side} aria-label={t('tokens.around')}>
        <Readers shown={shown} />
        <LoginLifetime />
        <Modules modules={shown.modules} problems={shown.problems} />
      </aside>
    </div>
  );
}
