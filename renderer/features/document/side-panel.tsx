/** Beside the document: who signs, what I fill, its signatures, the notes. */
import { Stack, Tabs } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../preload/contract.ts';
import type { TransactionDocument } from '../../../preload/model.ts';
import { NotesPanel } from '../notes/notes-panel.tsx';
import { DocumentSignatures } from '../validation/document-signatures.tsx';
import { Attached } from './attached.tsx';
import { AuditTrail } from './audit-trail.tsx';
import { type FieldToFill, FillForms } from './fill-forms.tsx';
import { Parties } from './parties.tsx';
import classes from './side-panel.module.css';
import type { Filling } from './use-filling.ts';

interface SidePanelProps {
  readonly shown: CallOutput<'inbox.show'>;
  readonly document: TransactionDocument | undefined;
  readonly toFill: readonly FieldToFill[];
  readonly filling: Filling;
  readonly onShowField: (field: FieldToFill) => void;
  readonly onDocument: (documentId: string) => void;
}

export function SidePanel({ shown, document, toFill, filling, onShowField, onDocument }: SidePanelProps) {
  const { t } = useTranslation();
  const { transaction, notes } = shown;
  const [chosen, setChosen] = useState<string | null>();
  const fills = toFill.length > 0;
  const first = fills ? 'fill' : 'details';
  const tab = chosen === 'fill' && !fills ? 'details' : (chosen ?? first);
  return (
    <aside className={classes.panel} aria-label={t('document.panel')}>
      <Tabs value={tab} onChange={setChosen} className={classes.tabs} keepMounted={false}>
        <Tabs.List className={classes.list}>
          <Tabs.Tab value="details">{t('panel.details')}</Tabs.Tab>
          {fills && (
            <Tabs.Tab value="fill" aria-label={t('panel.fill', { count: toFill.length })}>
              {t('panel.fillName')}
            </Tabs.Tab>
          )}
          {document && <Tabs.Tab value="signatures">{t('panel.signatures')}</Tabs.Tab>}
          <Tabs.Tab value="notes">{t('panel.notes', { count: notes.length })}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="details" className={classes.content}>
          <Stack gap="md">
            <Parties shown={shown} document={document} />
            <Attached documents={transaction.documents} shown={document?.id} onDocument={onDocument} />
            <AuditTrail key={transaction.id} accountId={transaction.accountId} remoteId={transaction.remoteId} />
          </Stack>
        </Tabs.Panel>
        <Tabs.Panel value="fill" className={classes.content}>
          <FillForms transactionId={transaction.id} toFill={toFill} filling={filling} onShow={onShowField} />
        </Tabs.Panel>
        <Tabs.Panel value="signatures" className={classes.content}>
          {document && <DocumentSignatures transactionId={transaction.id} documentId={document.id} />}
        </Tabs.Panel>
        <Tabs.Panel value="notes" className={classes.content}>
          <NotesPanel transactionId={transaction.id} notes={notes} />
        </Tabs.Panel>
      </Tabs>
    </aside>
  );
}
