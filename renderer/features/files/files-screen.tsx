/** The person's own files: a list, the chosen one as large as the window lets it be, and what is in it beside it. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FileView } from '../../../preload/model.ts';
import { EmptyNotice } from '../../ui/empty-notice.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { CloseIcon, PenIcon } from '../../ui/icons.tsx';
import { Page } from '../../ui/page.tsx';
import { useEntries } from '../../ui/use-entries.ts';
import { usePlaces } from '../document/use-places.ts';
import { FileDocument } from './file-document.tsx';
import { isMessage } from './file-options.tsx';
import { FilePanel } from './file-panel.tsx';
import { FileSignDialog } from './file-sign-dialog.tsx';
import { useFiles } from './files-context.tsx';
import classes from './files-screen.module.css';

/** The file that is shown may be one that was made a moment ago, at the list's end. */
const intoSight = (row: HTMLButtonElement | null) => row?.scrollIntoView({ block: 'nearest' });

interface FilesScreenProps {
  readonly onBack: () => void;
}

export default function FilesScreen({ onBack }: FilesScreenProps) {
  const { t } = useTranslation();
  const { files, problem, adding, choose, take, close, passwordOf, remember } = useFiles();
  const [shownId, setShownId] = useState<string>();
  const { places, place } = usePlaces();
  const [signing, setSigning] = useState<readonly FileView[]>();
  const shown = files.find(({ id }) => id === shownId) ?? files[0];
  /** What detached messages sign, by their ids. */
  const { entries: contents, put: keepContent } = useEntries<string>();
  const signable = files.filter(({ kind }) => kind !== 'cms');

  return (
    <Page
      title={t('files.title')}
      onBack={onBack}
      actions={
        <>
          <Button variant="default" loading={adding} onClick={() => void choose()}>
            {t('files.open')}
          </Button>
          {shown && (shown.kind !== 'cms' || isMessage(shown)) && (
            <Button
              variant={signable.length > 1 ? 'default' : 'filled'}
              leftSection={<PenIcon />}
              onClick={() => setSigning([shown])}
            >
              {t(shown.kind === 'cms' ? 'files.signMore' : 'files.signOne')}
            </Button>
          )}
          {signable.length > 1 && (
            <Button leftSection={<PenIcon />} onClick={() => setSigning(signable)}>
              {t('files.signAll', { count: signable.length })}
            </Button>
          )}
        </>
      }
    >
      <div className={classes.body} data-empty={files.length === 0}>
        {files.length > 0 && (
          <nav className={classes.list} aria-label={t('files.list')}>
            <ul className={classes.items}>
              {files.map((file) => (
                <li key={file.id} className={classes.item} data-file={file.kind}>
                  <button
                    type="button"
                    className={classes.file}
                    aria-current={file.id === shown?.id ? 'true' : undefined}
                    ref={file.id === shown?.id ? intoSight : undefined}
                    onClick={() => setShownId(file.id)}
                  >
                    <span className={classes.name}>{file.name}</span>
                    {file.folder !== undefined && <span className={classes.folder}>{file.folder}</span>}
                  </button>
                  <button
                    type="button"
                    className={classes.remove}
                    aria-label={t('files.close', { name: file.name })}
                    onClick={() => close([file.id])}
                  >
                    <CloseIcon />
                  </button>
                </li>
              ))}
            </ul>
          </nav>
        )}
        <main className={classes.main} aria-label={shown?.name ?? t('files.title')}>
          {problem !== undefined && <ErrorNotice code={problem} compact />}
          {shown ? (
            <FileDocument
              key={shown.id}
              file={shown}
              place={places.get(shown.id)}
              onPlace={(box) => place(shown.id, box)}
            />
          ) : (
            <EmptyNotice title={t('files.empty')} text={t('files.emptyText')}>
              <Button onClick={() => void choose()} loading={adding}>
                {t('files.open')}
              </Button>
            </EmptyNotice>
          )}
        </main>
        {shown && (
          <FilePanel
            key={`panel ${shown.id}`}
            file={shown}
            files={files}
            contentFileId={contents.get(shown.id)}
            onContent={(contentFileId) => keepContent(shown.id, contentFileId)}
          />
        )}
      </div>
      {signing && (
        <FileSignDialog
          files={signing}
          places={places}
          contents={contents}
          onMade={(made) => {
            take(made.map(({ output }) => output));
            for (const { of, output } of made) {
              const password = passwordOf(of);
              if (password !== undefined) remember(output.id, password);
              keepContent(output.id, contents.get(of));
            }
            const [first] = made;
            if (first) setShownId(first.output.id);
          }}
          onClose={() => setSigning(undefined)}
        />
      )}
    </Page>
  );
}
