/** Who asks, who signs in which order, and what of mine has not reached the service. */
import { Button, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../preload/contract.ts';
import type { OutboxView, SignatureRequest, TransactionDocument } from '../../../preload/model.ts';
import { useCallMutation } from '../../desk.tsx';
import { errorKey } from '../../ui/error-key.ts';
import { formatMoment } from '../../ui/format.ts';
import { useLocale } from '../../ui/use-locale.ts';
import classes from './parties.module.css';

interface PartiesProps {
  readonly shown: CallOutput<'inbox.show'>;
  readonly document: TransactionDocument | undefined;
}

function Request({ request }: { request: SignatureRequest }) {
  const { t } = useTranslation();
  return (
    <li className={classes.request}>
      <span className={classes.who}>
        {request.signerName}
        {request.mine && <span className={classes.me}>{t('parties.me')}</span>}
      </span>
      <span className={classes.state} data-state={request.state}>
        {t(`requestState.${request.state}`)}
      </span>
      {request.reason !== '' && <span className={classes.reason}>{request.reason}</span>}
      {request.declinedReason !== undefined && (
        <span className={classes.reason}>{t('parties.declinedBecause', { reason: request.declinedReason })}</span>
      )}
    </li>
  );
}

function Unsent({ row }: { row: OutboxView }) {
  const { t, i18n } = useTranslation();
  const retry = useCallMutation('outbox.retry', ['inbox.show', 'sync.status']);
  const stuck = row.state === 'parked' || row.state === 'failed';
  return (
    <li className={classes.request}>
      <span className={classes.who}>{t(`outboxKind.${row.kind}`)}</span>
      <span className={classes.state} data-state={row.state}>
        {t(`outboxState.${row.state}`)}
      </span>
      {row.code !== undefined && (
        <span className={classes.reason}>{t(`${errorKey(row.code, (key) => i18n.exists(key))}.what`)}</span>
      )}
      {stuck && (
        <Button
          variant="default"
          size="compact-xs"
          className={classes.retry}
          loading={retry.isPending}
          onClick={() => retry.mutate({ outboxId: row.id })}
        >
          {t('action.tryAgain')}
        </Button>
      )}
    </li>
  );
}

export function Parties({ shown, document }: PartiesProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { transaction, outbox } = shown;
  const now = Date.now();
  const moment = (time: number) => formatMoment(time, now, locale);
  const unsent = outbox.filter(({ state }) => state !== 'confirmed' && state !== 'settled');
  const requests = [...(document?.signatureRequests ?? [])].sort((a, b) => a.group - b.group);
  const facts = [
    [t('parties.from'), transaction.senderName],
    [t('parties.received'), moment(transaction.createdAt)],
    ...(transaction.expiresAt === undefined ? [] : [[t('parties.due'), moment(transaction.expiresAt)] as const]),
  ] as const;
  return (
    <Stack gap="md">
      <dl className={classes.facts}>
        {facts.map(([name, value]) => (
          <div key={name} className={classes.fact}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {transaction.errorMessage !== undefined && <Text size="sm">{transaction.errorMessage}</Text>}
      <section aria-label={t('parties.signers')}>
        <h2 className={classes.heading}>{t('parties.signers')}</h2>
        {requests.length === 0 ? (
          <Text size="sm" c="dimmed">
            {t('parties.nobody')}
          </Text>
        ) : (
          <ol className={classes.list}>
            {requests.map((request) => (
              <Request key={request.id} request={request} />
            ))}
          </ol>
        )}
      </section>
      {unsent.length > 0 && (
        <section aria-label={t('parties.unsent')}>
          <h2 className={classes.heading}>{t('parties.unsent')}</h2>
          <ul className={classes.list}>
            {unsent.map((row) => (
              <Unsent key={row.id} row={row} />
            ))}
          </ul>
        </section>
      )}
    </Stack>
  );
}
