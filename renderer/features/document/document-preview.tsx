/** One document of a transaction in the view, with its marks. */
import { Button } from '@mantine/core';
import { type RefObject, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { TransactionDocument } from '../../../preload/model.ts';
import { useBridge, useCall } from '../../desk.tsx';
import { EmptyNotice } from '../../ui/empty-notice.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { PenIcon } from '../../ui/icons.tsx';
import classes from './document-screen.module.css';
import { pageMarks } from './marks.ts';
import { PageMarks } from './page-marks.tsx';
import { documentBytes } from './pdf-bytes.ts';
import { PdfView, type PdfViewHandle } from './pdf-view.tsx';
import type { Filling } from './use-filling.ts';
import type { Turn } from './zoom.ts';

interface DocumentPreviewProps {
  readonly transactionId: string;
  readonly document: TransactionDocument;
  /** Without it nothing can be filled in: fields are shown as marks only. */
  readonly filling?: Filling;
  readonly view: RefObject<PdfViewHandle | null>;
  /** What more lies over a page. */
  readonly overlay?: (page: number, turn: Turn) => React.ReactNode;
  readonly tools?: React.ReactNode;
  /** The first page of these bytes is on the screen. */
  readonly onSeen?: (sha256: string) => void;
}

export function DocumentPreview(props: DocumentPreviewProps) {
  const { transactionId, document, filling, view, overlay, tools, onSeen } = props;
  const { t } = useTranslation();
  const bridge = useBridge();
  const opened = useCall('documents.open', { transactionId, documentId: document.id });
  const { sha256, sizeBytes } = opened.data ?? {};
  const bytes = useMemo(
    () =>
      sha256 === undefined || sizeBytes === undefined
        ? undefined
        : documentBytes(bridge, { transactionId, documentId: document.id, sha256, sizeBytes }),
    [bridge, transactionId, document.id, sha256, sizeBytes],
  );
  const marks = useMemo(() => pageMarks(document), [document]);
  const marked = useMemo(
    () => new Set(marks.filter(({ kind }) => kind !== 'other-signature').map(({ box }) => box.page)),
    [marks],
  );
  const mine = marks.find(({ kind }) => kind === 'my-signature');

  if (opened.isPending) return <EmptyNotice title={t('document.fetching')} />;
  if (opened.isError || !bytes) {
    return (
      <div className={classes.notice}>
        <ErrorNotice code={opened.error?.code ?? 'internal'} onRetry={() => void opened.refetch()} />
      </div>
    );
  }
  return (
    <PdfView
      ref={view}
      bytes={bytes}
      marked={marked}
      onPainted={() => onSeen?.(opened.data.sha256)}
      overlay={(page, turn) => (
        <>
          <PageMarks marks={marks.filter(({ box }) => box.page === page)} turn={turn} filling={filling} />
          {overlay?.(page, turn)}
        </>
      )}
      tools={
        <>
          {mine && (
            <Button
              variant="subtle"
              size="compact-xs"
              leftSection={<PenIcon />}
              ml="auto"
              onClick={() => view.current?.goTo(mine.box)}
            >
              {t('document.goToMySignature')}
            </Button>
          )}
          {tools}
        </>
      }
    />
  );
}
