/** One transaction: its document as large as the window lets it be, what is asked of me and the notes beside it. */
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../preload/contract.ts';
import type { TransactionDocument } from '../../../preload/model.ts';
import { useCall } from '../../desk.tsx';
import { EmptyNotice } from '../../ui/empty-notice.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { SignDialog } from '../sign/sign-dialog.tsx';
import { DeclineDialog } from './decline-dialog.tsx';
import { DocumentHead } from './document-head.tsx';
import classes from './document-screen.module.css';
import { formsToFill, pageMarks } from './marks.ts';
import { PdfView } from './pdf-view.tsx';
import { SidePanel } from './side-panel.tsx';

interface DocumentScreenProps {
  readonly transactionId: string;
  readonly onBack: () => void;
}

export default function DocumentScreen({ transactionId, onBack }: DocumentScreenProps) {
  const { t } = useTranslation();
  const shown = useCall('inbox.show', { transactionId });

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const typing = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement;
      if (event.key === 'Escape' && !typing && !document.querySelector('[role="dialog"]')) onBack();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [onBack]);

  if (shown.isPending) return <EmptyNotice title={t('document.loading')} />;
  if (shown.isError) {
    return (
      <div className={classes.notice}>
        <ErrorNotice code={shown.error.code} onRetry={onBack} />
      </div>
    );
  }
  return <Opened shown={shown.data} onBack={onBack} />;
}

function Opened({ shown, onBack }: { shown: CallOutput<'inbox.show'>; onBack: () => void }) {
  const { t } = useTranslation();
  const { transaction } = shown;
  const [documentId, setDocumentId] = useState(transaction.documents[0]?.id);
  const [panel, setPanel] = useState(true);
  const [dialog, setDialog] = useState<'sign' | 'decline'>();
  const [values, setValues] = useState<ReadonlyMap<string, string>>(new Map());
  const document = transaction.documents.find(({ id }) => id === documentId) ?? transaction.documents[0];
  const fill = (key: string, value: string) => setValues((current) => new Map(current).set(key, value));

  return (
    <div className={classes.screen} data-panel={panel}>
      <DocumentHead
        transaction={transaction}
        document={document}
        panel={panel}
        onPanel={setPanel}
        onBack={onBack}
        onDocument={setDocumentId}
        onSign={() => setDialog('sign')}
        onDecline={() => setDialog('decline')}
      />
      <main className={classes.main} aria-label={document?.title ?? transaction.title}>
        {document ? (
          <Preview key={document.id} transactionId={transaction.id} document={document} values={values} onFill={fill} />
        ) : (
          <EmptyNotice title={t('document.none')} />
        )}
      </main>
      {panel && (
        <SidePanel
          shown={shown}
          document={document}
          toFill={transaction.documents.flatMap((each) => formsToFill(each).map((form) => ({ form, document: each })))}
          values={values}
          onFill={fill}
          onFilled={() => setValues(new Map())}
        />
      )}
      {dialog === 'sign' && <SignDialog transactionIds={[transaction.id]} onClose={() => setDialog(undefined)} />}
      {dialog === 'decline' && <DeclineDialog transaction={transaction} onClose={() => setDialog(undefined)} />}
    </div>
  );
}

interface PreviewProps {
  readonly transactionId: string;
  readonly document: TransactionDocument;
  readonly values: ReadonlyMap<string, string>;
  readonly onFill: (key: string, value: string) => void;
}

function Preview({ transactionId, document, values, onFill }: PreviewProps) {
  const { t } = useTranslation();
  const opened = useCall('documents.open', { transactionId, documentId: document.id });
  const marks = useMemo(() => pageMarks(document), [document]);
  if (opened.isPending) return <EmptyNotice title={t('document.fetching')} />;
  if (opened.isError) {
    return (
      <div className={classes.notice}>
        <ErrorNotice code={opened.error.code} onRetry={() => void opened.refetch()} />
      </div>
    );
  }
  const bytes = { transactionId, documentId: document.id, ...opened.data };
  return <PdfView bytes={bytes} marks={marks} values={values} onFill={onFill} />;
}
