/** While signing and after it: each document's steps, and at the end what came of it and what to do next. */
import { Button, Group, Progress, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useCall } from '../../desk.tsx';
import { errorKey } from '../../ui/error-key.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { GoOn } from './go-on.tsx';
import { canResume, fileSteps, isCardGone, type ProgressRow, steps, type Tally, tally } from './job-steps.ts';
import classes from './sign-progress.module.css';
import type { CardPin, SigningState } from './use-signing.ts';

interface SignProgressProps {
  readonly state: Extract<SigningState, { kind: 'running' | 'ended' }>;
  /** Files of one's own are delivered to nobody. */
  readonly files?: boolean;
  readonly onCancel: () => void;
  readonly onClose: () => void;
  readonly onAgain: () => void;
  /** Goes on with the same batch, where its kind can. */
  readonly onResume?: (card: CardPin) => Promise<void>;
}

export function SignProgress({ state, files = false, onCancel, onClose, onAgain, onResume }: SignProgressProps) {
  const { t } = useTranslation();
  const { rows, stopped } = state;
  const names = files ? fileSteps : steps;
  const ended = state.kind === 'ended';
  const count = tally(rows);
  const done = rows.reduce((sum, row) => sum + row.done, 0);
  const percent = rows.length === 0 ? 0 : (100 * done) / (names.length * rows.length);
  const gone = ended && isCardGone(stopped) && count.open > 0;
  const waitsFor = ended && count.open > 0 && canResume(stopped) ? state.waitsFor : undefined;
  return (
    <Stack gap="md">
      {ended ? (
        <Result count={count} stopped={stopped} files={files} />
      ) : (
        <div>
          <Text size="sm" mb={6}>
            {t('sign.progress', { signed: count.signed, total: count.total })}
          </Text>
          <Progress value={percent} aria-label={t('sign.progressName')} size="sm" />
        </div>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must be reachable by keyboard */}
      <section className={classes.scroll} tabIndex={0} aria-label={t('sign.documents')}>
        <ul className={classes.jobs}>
          {rows.map((row) => (
            <Row key={row.id} row={row} names={names} told={stopped} />
          ))}
        </ul>
      </section>
      {onResume && waitsFor !== undefined ? (
        <GoOn
          identityId={waitsFor}
          pulled={gone}
          {...(state.code === undefined ? {} : { code: state.code })}
          onResume={onResume}
          onAgain={onAgain}
          onClose={onClose}
        />
      ) : (
        <Group justify="flex-end">
          {!ended && (
            <Button variant="default" onClick={onCancel}>
              {t('sign.stop')}
            </Button>
          )}
          {ended && (
            <Button variant={count.open > 0 ? 'default' : 'filled'} onClick={onClose} data-autofocus={count.open === 0}>
              {t('action.done')}
            </Button>
          )}
          {ended && count.open > 0 && (gone ? <AfterCard onAgain={onAgain} /> : <Again onAgain={onAgain} />)}
        </Group>
      )}
    </Stack>
  );
}

function Again({ onAgain, disabled = false }: { onAgain: () => void; disabled?: boolean }) {
  const { t } = useTranslation();
  return (
    <Button onClick={onAgain} disabled={disabled} data-autofocus>
      {t('sign.again')}
    </Button>
  );
}

const CARD_POLL_MS = 1_500;

/** The card was pulled: signing goes on once one is in again. */
function AfterCard({ onAgain }: { onAgain: () => void }) {
  const { t } = useTranslation();
  const listing = useCall('tokens.list', {}, { refetchMs: CARD_POLL_MS });
  const back = (listing.data?.tokens ?? []).some(({ identities, pin }) =>
    identities.some(({ disabledReason }) => disabledReason === undefined && !pin.locked),
  );
  return (
    <>
      <Text size="sm" role="status" data-card={back ? 'back' : 'gone'}>
        {t(back ? 'sign.cardBack' : 'sign.cardGone')}
      </Text>
      <Again onAgain={onAgain} disabled={!back} />
    </>
  );
}

function Result({ count, stopped, files }: { count: Tally; stopped: string | undefined; files: boolean }) {
  const { t } = useTranslation();
  const waiting = count.signed - count.delivered;
  const all = count.signed === count.total;
  const kept = t(files ? (all ? 'sign.allSaved' : 'sign.saved') : all ? 'sign.allDelivered' : 'sign.delivered');
  return (
    <Stack gap="xs" data-result={stopped ?? 'done'}>
      {stopped !== undefined && <ErrorNotice code={stopped} />}
      {count.signed > 0 && (
        <div className={classes.result} data-tone="good">
          <p className={classes.resultTitle}>{t('sign.signedCount', { count: count.signed })}</p>
          <p className={classes.resultText}>{waiting > 0 ? t('sign.waitingCount', { count: waiting }) : kept}</p>
        </div>
      )}
      {count.failed > 0 && (
        <div className={classes.result} data-tone="bad">
          <p className={classes.resultTitle}>{t('sign.failedCount', { count: count.failed })}</p>
          <p className={classes.resultText}>{t('sign.failedText')}</p>
        </div>
      )}
      {count.open > 0 && <p className={classes.resultText}>{t('sign.openCount', { count: count.open })}</p>}
    </Stack>
  );
}

interface RowProps {
  readonly row: ProgressRow;
  readonly names: readonly (typeof steps)[number][];
  /** The code the result above has already put in words. */
  readonly told: string | undefined;
}

function Row({ row, names, told }: RowProps) {
  const { t, i18n } = useTranslation();
  const { code, done } = row;
  const key = code === undefined || code === told ? undefined : errorKey(code, (candidate) => i18n.exists(candidate));
  const step = names[Math.min(done, names.length - 1)];
  return (
    <li className={classes.job} data-job={row.state} data-outcome={row.outcome}>
      <span className={classes.title}>{row.title}</span>
      <span className={classes.state}>
        {row.kind === 'job' ? t(`jobState.${row.state}`) : t(`fileState.${row.state}`)}
      </span>
      <span className={classes.steps} aria-hidden="true">
        {names.map((name, i) => (
          <span
            key={name}
            className={classes.step}
            data-done={i < done}
            data-now={name === step && row.outcome === 'running'}
            title={t(`step.${name}`)}
          />
        ))}
      </span>
      {key !== undefined && (
        <span className={classes.why}>{t('sign.why', { what: t(`${key}.what`), next: t(`${key}.next`) })}</span>
      )}
    </li>
  );
}
