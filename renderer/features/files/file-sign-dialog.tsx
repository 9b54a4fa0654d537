/** Signs files of one's own: where the results go, card and PIN, progress, and the signed files at the end. */
import { Button, Group, Modal, Text } from '@mantine/core';
import { useEffect, useEffectEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FileView, PercentBox } from '../../../preload/model.ts';
import { ask } from '../../bridge.ts';
import { useBridge, useCall, useCalls } from '../../desk.tsx';
import { ShortList, ShortListItem } from '../../ui/short-list.tsx';
import { SignForm } from '../sign/sign-form.tsx';
import { SignProgress } from '../sign/sign-progress.tsx';
import { noStatements, readStatements } from '../sign/statement-fields.ts';
import { useSaidProgress } from '../sign/use-said-progress.ts';
import { fileBatch, useSigning } from '../sign/use-signing.ts';
import { type FileChoice, FileOptions, type Inspected, isMessage, leftOut, orderOf } from './file-options.tsx';

interface FileSignDialogProps {
  readonly files: readonly FileView[];
  readonly places: ReadonlyMap<string, PercentBox>;
  /** What detached messages sign, by their ids. */
  readonly contents: ReadonlyMap<string, string>;
  /** The signed files, and the ids of what they were made of. */
  readonly onMade: (made: readonly { readonly of: string; readonly output: FileView }[]) => void;
  readonly onClose: () => void;
}

const defaults = { level: 'B-B', reason: '' } as const;

/** Why the message cannot have one more signature, where it is the only file: messages are signed one by one. */
function useUnfit(files: readonly FileView[], contents: ReadonlyMap<string, string>): Inspected['unfit'] {
  const [only] = files;
  const contentFileId = only && contents.get(only.id);
  const asked = { fileId: only?.id ?? '-', ...(contentFileId === undefined ? {} : { contentFileId }) };
  const { error } = useCall('files.verify', asked, { enabled: only !== undefined && isMessage(only) });
  return error?.code === 'content-missing' || error?.code === 'bad-cms' ? error.code : undefined;
}

/** What is in the files, as far as they can be read. */
function useInspected(files: readonly FileView[], contents: ReadonlyMap<string, string>): readonly Inspected[] {
  const unfit = useUnfit(files, contents);
  const pdfs = files.filter(({ kind }) => kind === 'pdf');
  const found = useCalls(
    'files.inspect',
    pdfs.map(({ id }) => ({ fileId: id })),
  );
  return files.map((file) => ({ file, found: found[pdfs.indexOf(file)], unfit: isMessage(file) ? unfit : undefined }));
}

export function FileSignDialog({ files, places, contents, onMade, onClose }: FileSignDialogProps) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(files);
  const [folder, setFolder] = useState<{ readonly id: string; readonly name: string }>();
  const [choice, setChoice] = useState<FileChoice>({
    format: files.some(({ kind }) => kind === 'pdf') ? 'pdf' : 'attached',
    certify: undefined,
    fieldName: undefined,
    rewrite: false,
    stated: noStatements,
  });
  const inspected = useInspected(open, contents);
  const toSign = inspected.filter((each) => leftOut(each, choice) === undefined);
  /** What cannot be stated as it is typed is not signed without it. */
  const isSaid = readStatements(choice.stated).ok;
  const { state, start, cancel, reset } = useSigning(fileBatch);
  useSaidProgress(state);
  const busy = state.kind === 'running' || state.kind === 'starting';
  const made = 'rows' in state ? state.rows.flatMap(({ of, output }) => (output ? [{ of, output }] : [])) : [];

  const tell = useEffectEvent(() => {
    if (made.length > 0) onMade(made);
  });
  useEffect(() => {
    if (state.kind === 'ended') tell();
  }, [state.kind]);

  function again() {
    if (!('rows' in state)) return;
    const left = new Set(state.rows.filter(({ outcome }) => outcome !== 'delivered').map(({ of }) => of));
    setOpen(open.filter(({ id }) => left.has(id)));
    reset();
  }

  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={t('sign.title', { count: 'rows' in state ? state.rows.length : Math.max(1, toSign.length) })}
      closeOnClickOutside={false}
      closeOnEscape={!busy}
      withCloseButton={!busy}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      {'rows' in state ? (
        <>
          <SignProgress state={state} files onCancel={cancel} onClose={onClose} onAgain={again} />
          {state.kind === 'ended' && made.length > 0 && <ShowInFolder made={made.map(({ output }) => output)} />}
        </>
      ) : (
        <SignForm
          count={isSaid ? toSign.length : 0}
          defaults={defaults}
          starting={state.kind === 'starting'}
          {...(state.kind === 'idle' && state.code !== undefined ? { code: state.code } : {})}
          onSign={(signer) =>
            start(signer, {
              files: toSign.map(({ file }) => {
                const { id } = file;
                const contentFileId = contents.get(id);
                if (isMessage(file)) return { fileId: id, ...(contentFileId === undefined ? {} : { contentFileId }) };
                return choice.fieldName === undefined || choice.format !== 'pdf'
                  ? { fileId: id, place: places.get(id) ?? 'invisible' }
                  : { fileId: id, fieldName: choice.fieldName };
              }),
              ...(folder ? { folderId: folder.id } : {}),
              ...orderOf(choice),
            })
          }
          onClose={onClose}
        >
          <FilesToSign files={inspected} places={places} choice={choice} />
          <FileOptions files={inspected} choice={choice} onChange={setChoice} />
          <Output files={open} folder={folder} onFolder={setFolder} />
        </SignForm>
      )}
    </Modal>
  );
}

interface FilesToSignProps {
  readonly files: readonly Inspected[];
  readonly places: ReadonlyMap<string, PercentBox>;
  readonly choice: FileChoice;
}

function FilesToSign({ files, places, choice }: FilesToSignProps) {
  const { t } = useTranslation();
  function noteOf(each: Inspected): string {
    const why = leftOut(each, choice);
    if (why !== undefined) return t(`files.left-${why}`);
    if (isMessage(each.file)) return t('files.oneMore');
    if (choice.format !== 'pdf') return t('files.asMessage');
    if (each.found?.mayRewrite) return t('files.writtenAnew');
    if (choice.fieldName !== undefined) return t('files.inField', { name: choice.fieldName });
    const page = places.get(each.file.id)?.page;
    return page === undefined ? t('files.invisible') : t('files.markOn', { page });
  }
  return (
    <ShortList label={t('files.list')}>
      {files.map((each) => (
        <ShortListItem
          key={each.file.id}
          title={each.file.name}
          note={noteOf(each)}
          leftOut={leftOut(each, choice) !== undefined}
        />
      ))}
    </ShortList>
  );
}

interface OutputProps {
  readonly files: readonly FileView[];
  readonly folder: { readonly name: string } | undefined;
  readonly onFolder: (folder: { readonly id: string; readonly name: string } | undefined) => void;
}

function Output({ files, folder, onFolder }: OutputProps) {
  const { t } = useTranslation();
  const bridge = useBridge();
  const beside = files.every((file) => file.folder !== undefined);
  const where = folder ? t('files.intoFolder', { name: folder.name }) : t(beside ? 'files.beside' : 'files.downloads');
  async function chooseFolder() {
    const { folder: chosen } = await ask(bridge, 'files.chooseOutput', {}).catch(() => ({ folder: undefined }));
    if (chosen) onFolder(chosen);
  }
  return (
    <Group gap="sm" justify="space-between" wrap="nowrap">
      <Text size="sm">{where}</Text>
      <Button variant="default" size="compact-xs" onClick={() => void chooseFolder()}>
        {t('files.chooseFolder')}
      </Button>
    </Group>
  );
}

function ShowInFolder({ made }: { made: readonly FileView[] }) {
  const { t } = useTranslation();
  const bridge = useBridge();
  const [first] = made;
  if (!first) return null;
  return (
    <Group justify="space-between" mt="sm" wrap="nowrap">
      <Text size="sm" style={{ minWidth: 0, overflowWrap: 'anywhere' }}>
        {made.length === 1
          ? t('files.savedAs', { name: first.name })
          : t('files.savedIn', { folder: first.folder ?? '', count: made.length })}
      </Text>
      <Button variant="default" size="compact-xs" onClick={() => void bridge.call('files.show', { fileId: first.id })}>
        {t('files.show')}
      </Button>
    </Group>
  );
}
