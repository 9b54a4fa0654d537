/** Above the document: what it is, and what can be done with it. */
import { ActionIcon, Button, Group, NativeSelect, Tooltip } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Transaction, TransactionDocument } from '../../../preload/model.ts';
import { useCallMutation } from '../../desk.tsx';
import { dueState, formatDay } from '../../ui/format.ts';
import { BackIcon, PanelIcon, PenIcon } from '../../ui/icons.tsx';
import { SaveButton } from '../../ui/saved-copy.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { useLocale } from '../../ui/use-locale.ts';
import { declinableRequests, requestsToSign } from '../sign/requests.ts';
import { useProviderNow } from '../sync/provider-now.ts';
import classes from './document-head.module.css';
import { MakerMenu } from './maker-menu.tsx';

interface DocumentHeadProps {
  readonly transaction: Transaction;
  readonly document: TransactionDocument | undefined;
  readonly panel: boolean;
  readonly onPanel: (shown: boolean) => void;
  readonly onBack: () => void;
  readonly onDocument: (documentId: string) => void;
  readonly onSign: () => void;
  readonly onDecline: () => void;
}

export function DocumentHead(props: DocumentHeadProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { transaction, document, panel } = props;
  const now = useProviderNow(transaction.accountId);
  const due = dueState(transaction.expiresAt, now);
  const panelLabel = t(panel ? 'document.hidePanel' : 'document.showPanel');
  return (
    <section className={classes.head} aria-label={t('document.head')}>
      <Button
        variant="subtle"
        size="compact-sm"
        className={classes.back}
        leftSection={<BackIcon />}
        onClick={props.onBack}
        aria-keyshortcuts="Escape"
      >
        {t('document.back')}
      </Button>
      <h1 className={classes.title} title={transaction.title}>
        {transaction.title}
      </h1>
      <StatusBadge status={transaction.status} />
      {transaction.expiresAt !== undefined && (due === 'soon' || due === 'past') && (
        <span className={classes.due} data-due={due}>
          {t(due === 'past' ? 'inbox.overdue' : 'inbox.due', {
            day: formatDay(transaction.expiresAt, now, locale),
          })}
        </span>
      )}
      {transaction.documents.length > 1 && (
        <NativeSelect
          size="xs"
          className={classes.documents}
          aria-label={t('document.choose')}
          value={document?.id ?? ''}
          data={transaction.documents.map(({ id, title }) => ({ value: id, label: title }))}
          onChange={(event) => props.onDocument(event.currentTarget.value)}
        />
      )}
      <Group gap="xs" ml="auto" wrap="nowrap" className={classes.actions}>
        <MakerMenu key={transaction.id} transaction={transaction} onGone={props.onBack} />
        {document && <SaveCopy transactionId={transaction.id} documentId={document.id} />}
        {declinableRequests(transaction).length > 0 && (
          <Button variant="default" onClick={props.onDecline}>
            {t('action.decline')}
          </Button>
        )}
        {requestsToSign(transaction).length > 0 && (
          <Button leftSection={<PenIcon />} onClick={props.onSign}>
            {t('action.sign')}
          </Button>
        )}
        <Tooltip label={panelLabel}>
          <ActionIcon
            variant="subtle"
            aria-label={panelLabel}
            aria-pressed={panel}
            onClick={() => props.onPanel(!panel)}
          >
            <PanelIcon />
          </ActionIcon>
        </Tooltip>
      </Group>
    </section>
  );
}

/** Saves where the host asks. */
function SaveCopy({ transactionId, documentId }: { transactionId: string; documentId: string }) {
  const { t } = useTranslation();
  const save = useCallMutation('documents.export', []);
  return (
    <SaveButton
      label={t('action.saveCopy')}
      variant="default"
      save={save}
      onSave={() => save.mutate({ transactionId, documentId })}
    />
  );
}
