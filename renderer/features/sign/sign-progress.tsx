/** While signing and after it: each document's steps, and at the end what came of it and what to do next. */
import { Button, Group, Progress, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { JobView } from '../../../preload/model.ts';
import { errorKey } from '../../ui/error-key.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { standing, steps, type Tally, tally } from './job-steps.ts';
import classes from './sign-progress.module.css';
import type { SigningState } from './use-signing.ts';

interface SignProgressProps {
  readonly state: Extract<SigningState, { kind: 'running' | 'ended' }>;
  readonly onCancel: () => void;
  readonly onClose: () => void;
  readonly onAgain: () => void;
}

export function SignProgress({ state, onCancel, onClose, onAgain }: SignProgressProps) {
  const { t } = useTranslation();
  const { jobs, stopped } = state;
  const ended = state.kind === 'ended';
  const count = tally(jobs);
  const done = jobs.reduce((sum, job) => sum + standing(job).done, 0);
  const percent = jobs.length === 0 ? 0 : (100 * done) / (steps.length * jobs.length);
  return (
    <Stack gap="md">
      {ended ? (
        <Result count={count} stopped={stopped} />
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
          {jobs.map((job) => (
            <Job key={job.id} job={job} told={stopped} />
          ))}
        </ul>
      </section>
      <Group justify="flex-end">
        {!ended && (
          <Button variant="default" onClick={onCancel}>
            {t('sign.stop')}
          </Button>
        )}
        {ended && (
          <Button variant={count.open > 0 ? 'default' : 'filled'} onClick={onClose}>
            {t('action.done')}
          </Button>
        )}
        {ended && count.open > 0 && (
          <Button onClick={onAgain} data-autofocus>
            {t('sign.again')}
          </Button>
        )}
      </Group>
    </Stack>
  );
}

function Result({ count, stopped }: { count: Tally; stopped: string | undefined }) {
  const { t } = useTranslation();
  const waiting = count.signed - count.delivered;
  return (
    <Stack gap="xs" data-result={stopped ?? 'done'}>
      {stopped !== undefined && <ErrorNotice code={stopped} />}
      {count.signed > 0 && (
        <div className={classes.result} data-tone="good">
          <p className={classes.resultTitle}>{t('sign.signedCount', { count: count.signed })}</p>
          <p className={classes.resultText}>
            {waiting > 0 ? t('sign.waitingCount', { count: waiting }) : t('sign.allDelivered')}
          </p>
        </div>
      )}
      {count.failed > 0 && (
        <div className={classes.result} data-tone="bad">
          <p className={classes.resultTitle}>{t('sign.failedCount', { count: count.failed })}</p>
          <p className={classes.resultText}>{t('sign.failedText')}</p>
        </div>
      )}
      {count.open > 0 && stopped === undefined && (
        <p className={classes.resultText}>{t('sign.openCount', { count: count.open })}</p>
      )}
    </Stack>
  );
}

/** `told`: the code the result above has already put in words. */
function Job({ job, told }: { job: JobView; told: string | undefined }) {
  const { t, i18n } = useTranslation();
  const { done, outcome } = standing(job);
  const key =
    job.code === undefined || job.code === told ? undefined : errorKey(job.code, (candidate) => i18n.exists(candidate));
  return (
    <li className={classes.job} data-job={job.state} data-outcome={outcome}>
      <span className={classes.title}>{job.title}</span>
      <span className={classes.state}>{t(`jobState.${job.state}`)}</span>
      <span className={classes.steps} aria-hidden="true">
        {steps.map((step, i) => (
          <span key={step} className={classes.step} data-done={i < done} title={t(`step.${step}`)} />
        ))}
      </span>
      {key !== undefined && (
        <span className={classes.why}>{t('sign.why', { what: t(`${key}.what`), next: t(`${key}.next`) })}</span>
      )}
    </li>
  );
}
