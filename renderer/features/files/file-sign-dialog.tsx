/** Signs files of one's own: where the results go, card and PIN, progress, and the signed files at the end. */
import { Button, Group, Modal, Text } from '@mantine/core';
import { useEffect, useEffectEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FileView, PercentBox } from '../../../preload/model.ts';
import { ask } from '../../bridge.ts';
import { useBridge } from '../../desk.tsx';
import { ShortList, ShortListItem } from '../../ui/short-list.tsx';
import { SignForm } from '../sign/sign-form.tsx';
import { SignProgress } from '../sign/sign-progress.tsx';
import { useSaidProgress } from '../sign/use-said-progress.ts';
import { fileBatch, useSigning } from '../sign/use-signing.ts';

interface FileSignDialogProps {
  readonly files: readonly FileView[];
  readonly places: ReadonlyMap<string, PercentBox>;
  /** The signed files. */
  readonly onMade: (made: readonly FileView[]) => void;
  readonly onClose: () => void;
}

const defaults = { level: 'B-B', reason: '' } as const;

export function FileSignDialog({ files, places, onMade, onClose }: FileSignDialogProps) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(files);
  const [folder, setFolder] = useState<{ readonly id: string; readonly name: string }>();
  const { state, start, cancel, reset } = useSigning(fileBatch);
  useSaidProgress(state);
  const busy = state.kind === 'running' || state.kind === 'starting';
  const made = 'rows' in state ? state.rows.flatMap(({ output }) => (output ? [output] : [])) : [];

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
      title={t('sign.title', { count: open.length })}
      closeOnClickOutside={false}
      closeOnEscape={!busy}
      withCloseButton={!busy}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      {'rows' in state ? (
        <>
          <SignProgress state={state} files onCancel={cancel} onClose={onClose} onAgain={again} />
          {state.kind === 'ended' && made.length > 0 && <ShowInFolder made={made} />}
        </>
      ) : (
        <SignForm
          count={open.length}
          defaults={defaults}
          starting={state.kind === 'starting'}
          {...(state.kind === 'idle' && state.code !== undefined ? { code: state.code } : {})}
          onSign={(signer) =>
            start(signer, {
              files: open.map(({ id }) => ({ fileId: id, place: places.get(id) ?? 'invisible' })),
              ...(folder ? { folderId: folder.id } : {}),
            })
          }
          onClose={onClose}
        >
          <FilesToSign files={open} places={places} />
          <Output files={open} folder={folder} onFolder={setFolder} />
        </SignForm>
      )}
    </Modal>
  );
}

function FilesToSign({ files, places }: Pick<FileSignDialogProps, 'files' | 'places'>) {
  const { t } = useTranslation();
  return (
    <ShortList label={t('files.list')}>
      {files.map(({ id, name }) => {
        const page = places.get(id)?.page;
        const mark = page === undefined ? t('files.invisible') : t('files.markOn', { page });
        return <ShortListItem key={id} title={name} note={mark} />;
      })}
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
