/** One of the person's own files in the view, with the place of the mark where it is to be signed; a password where one is needed. */
import { Button, PasswordInput, Stack, Text } from '@mantine/core';
import { type FormEvent, useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { FileView, PercentBox } from '../../../preload/model.ts';
import { useBridge, useCall } from '../../desk.tsx';
import { EmptyNotice } from '../../ui/empty-notice.tsx';
import { fileBytes } from '../document/pdf-bytes.ts';
import { PdfView, type PdfViewHandle } from '../document/pdf-view.tsx';
import { PlaceButton, PlaceLayer } from '../document/place-layer.tsx';
import { useFiles } from './files-context.tsx';
import classes from './files-screen.module.css';

interface FileDocumentProps {
  readonly file: FileView;
  readonly place: PercentBox | undefined;
  readonly onPlace: (box: PercentBox | undefined) => void;
}

export function FileDocument({ file, place, onPlace }: FileDocumentProps) {
  const { t } = useTranslation();
  const { passwordOf, remember } = useFiles();
  const password = passwordOf(file.id);
  const asked = { fileId: file.id, ...(password === undefined ? {} : { password }) };
  const inspected = useCall('files.inspect', asked, { enabled: file.kind === 'pdf' });
  if (file.kind !== 'pdf') return <EmptyNotice title={t(`files.kind-${file.kind}`)} />;
  const code = inspected.error?.code;
  if (code === 'password-needed' || (code === 'encrypted' && password !== undefined)) {
    return <PasswordForm wrong={password !== undefined} onPassword={(given) => remember(file.id, given)} />;
  }
  if (inspected.isPending) return <EmptyNotice title={t('document.loading')} />;
  return <Shown file={file} password={password} place={place} onPlace={onPlace} />;
}

function PasswordForm({ wrong, onPassword }: { wrong: boolean; onPassword: (password: string) => void }) {
  const { t } = useTranslation();
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  function submit(event: FormEvent) {
    event.preventDefault();
    const { current } = field;
    if (!current?.value) return;
    onPassword(current.value);
    current.value = '';
  }
  return (
    <form onSubmit={submit} className={classes.password}>
      <Stack gap="sm">
        <Text size="sm">{t('files.passwordText')}</Text>
        <PasswordInput
          ref={field}
          required
          autoComplete="off"
          label={t('files.password')}
          error={wrong ? t('files.passwordWrong') : undefined}
        />
        <Button type="submit">{t('files.passwordOpen')}</Button>
      </Stack>
    </form>
  );
}

interface ShownProps extends FileDocumentProps {
  readonly password: string | undefined;
}

function Shown({ file, password, place, onPlace }: ShownProps) {
  const bridge = useBridge();
  const view = useRef<PdfViewHandle>(null);
  const bytes = useMemo(() => fileBytes(bridge, file, password), [bridge, file, password]);
  return (
    <PdfView
      ref={view}
      bytes={bytes}
      overlay={(page, turn) => <PlaceLayer place={place} page={page} turn={turn} onPlace={onPlace} />}
      tools={<PlaceButton place={place} view={view} onPlace={onPlace} />}
    />
  );
}
