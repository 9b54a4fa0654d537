/** The chosen files: which is shown, taking one away, adding more. */
import { ActionIcon, Button, FileButton, NavLink } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FileView } from '../../../preload/model.ts';
import { CallError } from '../../bridge.ts';
import { useBridge } from '../../desk.tsx';
import { addLocalFiles } from '../../local-files.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { MinusIcon, PlusIcon } from '../../ui/icons.tsx';
import classes from './prepare-screen.module.css';

interface DocumentListProps {
  readonly files: readonly FileView[];
  readonly shown: string | undefined;
  readonly onShow: (fileId: string) => void;
  readonly onAdd: (files: readonly FileView[]) => void;
  readonly onRemove: (fileId: string) => void;
}

export function DocumentList({ files, shown, onShow, onAdd, onRemove }: DocumentListProps) {
  const { t } = useTranslation();
  const bridge = useBridge();
  const [adding, setAdding] = useState(false);
  const [code, setCode] = useState<string>();

  async function add(chosen: readonly File[]): Promise<void> {
    if (chosen.length === 0) return;
    setAdding(true);
    setCode(undefined);
    try {
      const added = await addLocalFiles(bridge, chosen);
      onAdd(added);
      if (added.some(({ kind }) => kind !== 'pdf')) setCode('not-a-pdf');
    } catch (error) {
      setCode(error instanceof CallError ? error.code : 'internal');
    } finally {
      setAdding(false);
    }
  }

  return (
    <fieldset className={classes.group}>
      <legend>{t('prepare.documents')}</legend>
      {files.map(({ id, name }) => (
        <div key={id} className={classes.file}>
          <NavLink
            component="button"
            active={id === shown}
            aria-current={id === shown ? 'true' : undefined}
            label={name}
            onClick={() => onShow(id)}
          />
          <ActionIcon variant="subtle" aria-label={t('prepare.removeFile', { name })} onClick={() => onRemove(id)}>
            <MinusIcon />
          </ActionIcon>
        </div>
      ))}
      <FileButton multiple accept="application/pdf,.pdf" onChange={(chosen) => void add(chosen)}>
        {(props) => (
          <Button {...props} variant="default" leftSection={<PlusIcon />} loading={adding}>
            {t('prepare.addFiles')}
          </Button>
        )}
      </FileButton>
      {code !== undefined && <ErrorNotice code={code} compact />}
    </fieldset>
  );
}
