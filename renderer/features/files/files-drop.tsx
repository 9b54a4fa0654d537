/** The whole window takes files that are dropped on it, and says so while they hang over it. */
import { type ReactNode, useEffect, useEffectEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBridge } from '../../desk.tsx';
import { useFiles } from './files-context.tsx';
import classes from './files-drop.module.css';
import { droppedFiles } from './pick-files.ts';

const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;

/** @param onDropped files were dropped: they, or what kept them from being opened, want to be looked at */
export function FilesDrop({ onDropped, children }: { onDropped: () => void; children: ReactNode }) {
  const { t } = useTranslation();
  const bridge = useBridge();
  const { add } = useFiles();
  const [over, setOver] = useState(false);

  const drop = useEffectEvent((transfer: DataTransfer) => {
    void droppedFiles(transfer, bridge.addFiles !== undefined)
      .then(add)
      .then(onDropped);
  });
  useEffect(() => {
    const onOver = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy';
      setOver(true);
    };
    const onLeave = (event: DragEvent) => {
      if (event.relatedTarget === null) setOver(false);
    };
    // Whatever is dropped, the window itself never goes to it.
    const onDrop = (event: DragEvent) => {
      event.preventDefault();
      setOver(false);
      if (event.dataTransfer && hasFiles(event)) drop(event.dataTransfer);
    };
    window.addEventListener('dragover', onOver);
    window.addEventListener('dragleave', onLeave);
    window.addEventListener('drop', onDrop);
    return () => {
      window.removeEventListener('dragover', onOver);
      window.removeEventListener('dragleave', onLeave);
      window.removeEventListener('drop', onDrop);
    };
  }, []);
  return (
    <>
      {children}
      {over && (
        <div className={classes.over} aria-hidden="true">
          <span className={classes.words}>{t('files.drop')}</span>
        </div>
      )}
    </>
  );
}
