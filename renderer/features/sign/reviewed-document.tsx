/** A document under review: its pages with the place of my signature, which I may set where the sender leaves it free; nothing is filled in here. */
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '../../desk.tsx';
import { EmptyNotice } from '../../ui/empty-notice.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { DocumentPreview } from '../document/document-preview.tsx';
import type { PdfViewHandle } from '../document/pdf-view.tsx';
import { placedBy } from '../document/place-layer.tsx';
import type { Placing } from '../document/use-places.ts';
import type { ReviewItem } from './review.ts';

interface ReviewedDocumentProps {
  readonly item: ReviewItem;
  readonly placing: Placing;
  /** These bytes are on the screen. */
  readonly onSeen: (sha256: string) => void;
}

export default function ReviewedDocument({ item, placing, onSeen }: ReviewedDocumentProps) {
  const { t } = useTranslation();
  const view = useRef<PdfViewHandle>(null);
  const shown = useCall('inbox.show', { transactionId: item.transactionId });
  const document = shown.data?.transaction.documents.find(({ id }) => id === item.documentId);
  if (shown.isPending) return <EmptyNotice title={t('document.loading')} />;
  if (!document) return <ErrorNotice code={shown.error?.code ?? 'not-found'} />;
  return (
    <DocumentPreview
      transactionId={item.transactionId}
      document={document}
      view={view}
      {...placedBy(item.transactionId, document, placing, view)}
      onSeen={onSeen}
    />
  );
}
