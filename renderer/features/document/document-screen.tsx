/** One transaction: its document as large as the window lets it be, what is asked of me and the notes beside it. */
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../preload/contract.ts';
import { useCall } from '../../desk.tsx';
import { EmptyNotice } from '../../ui/empty-notice.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { useEscape } from '../../ui/use-escape.ts';
import { SignDialog } from '../sign/sign-dialog.tsx';
import { DeclineDialog } from './decline-dialog.tsx';
import { DocumentHead } from './document-head.tsx';
import { DocumentPreview } from './document-preview.tsx';
import classes from './document-screen.module.css';
import { formsToFill } from './marks.ts';
import type { PdfViewHandle } from './pdf-view.tsx';
import { placedBy } from './place-layer.tsx';
import { SidePanel } from './side-panel.tsx';
import { useFilling } from './use-filling.ts';
import { usePlaces } from './use-places.ts';

interface DocumentScreenProps {
  readonly transactionId: string;
  readonly onBack: () => void;
}

export default function DocumentScreen({ transactionId, onBack }: DocumentScreenProps) {
  const { t } = useTranslation();
  const shown = useCall('inbox.show', { transactionId });

  useEscape(onBack);

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
  /** The bytes shown of each document, by its id. */
  const [seen, setSeen] = useState<ReadonlyMap<string, string>>(new Map());
  const placing = usePlaces();
  const filling = useFilling();
  const view = useRef<PdfViewHandle>(null);
  const document = transaction.documents.find(({ id }) => id === documentId) ?? transaction.documents[0];

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
          <DocumentPreview
            key={document.id}
            transactionId={transaction.id}
            document={document}
            filling={filling}
            view={view}
            {...placedBy(transaction.id, document, placing, view)}
            onSeen={(sha256) =>
              setSeen((now) => (now.get(document.id) === sha256 ? now : new Map(now).set(document.id, sha256)))
            }
          />
        ) : (
          <EmptyNotice title={t('document.none')} />
        )}
      </main>
      {panel && (
        <SidePanel
          shown={shown}
          document={document}
          onDocument={setDocumentId}
          toFill={transaction.documents.flatMap((each) => formsToFill(each).map((form) => ({ form, document: each })))}
          filling={filling}
          onShowField={({ form, document: of }) => {
            if (of.id !== document?.id) setDocumentId(of.id);
            else if (form.box) view.current?.goTo(form.box);
          }}
        />
      )}
      {dialog === 'sign' && (
        <SignDialog
          transactionIds={[transaction.id]}
          seen={seen}
          showing={document?.id}
          placing={placing}
          onClose={() => setDialog(undefined)}
        />
      )}
      {dialog === 'decline' && <DeclineDialog transaction={transaction} onClose={() => setDialog(undefined)} />}
    </div>
  );
}
