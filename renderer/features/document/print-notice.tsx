/** While pages are made ready for paper: how far, and a way out. */
import { Button, Progress, Text } from '@mantine/core';
import type { PDFDocumentProxy } from 'pdfjs-dist';
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAnnounce } from '../../ui/announcer.tsx';
import classes from './pdf-view.module.css';
import { printPdf } from './print-pdf.ts';
import type { Turn } from './zoom.ts';

export function PrintNotice({ pdf, turn, onDone }: { pdf: PDFDocumentProxy; turn: Turn; onDone: () => void }) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const [done, setDone] = useState(0);
  const stop = useRef<AbortController>(undefined);
  const fail = useEffectEvent(() => announce(t('document.printFailed')));
  const end = useEffectEvent(onDone);
  useEffect(() => {
    const printing = new AbortController();
    stop.current = printing;
    printPdf(pdf, { turn, signal: printing.signal, onPage: setDone })
      .catch(() => fail())
      .finally(() => {
        if (!printing.signal.aborted) end();
      });
    return () => printing.abort();
  }, [pdf, turn]);
  return (
    <div className={classes.printing} role="status">
      <Text size="sm">{t('document.printing', { done, pages: pdf.numPages })}</Text>
      <Progress value={(100 * done) / pdf.numPages} aria-label={t('document.print')} size="sm" />
      <Button
        variant="default"
        size="compact-xs"
        onClick={() => {
          stop.current?.abort();
          onDone();
        }}
      >
        {t('action.cancel')}
      </Button>
    </div>
  );
}
