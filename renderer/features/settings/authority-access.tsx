/** How one timestamp authority is signed in to: with nothing, a password, or a client certificate. What is kept is never shown again. */
import { Button, Group, Modal, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AuthorityAccessView } from '../../../preload/model.ts';
import { MAX_KEY_FILE_BYTES } from '../../../preload/plain.ts';
import { useCallMutation } from '../../desk.tsx';
import { useAnnounce } from '../../ui/announcer.tsx';
import { Choice } from '../../ui/choice.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { textOf } from '../accounts/account-form.tsx';

type Access = AuthorityAccessView['access'];

const kinds = ['none', 'password', 'certificate'] as const satisfies readonly Access[];

/** A certificate is asked for over https alone, and a password goes nowhere else but to this computer. */
const isOffered = (kind: Access, url: string) =>
  kind === 'none' || url.startsWith('https:') || (kind === 'password' && /^http:\/\/(127\.|localhost[:/])/.test(url));

interface AuthorityAccessProps {
  readonly known: AuthorityAccessView;
  readonly onClose: () => void;
}

export function AuthorityAccess({ known, onClose }: AuthorityAccessProps) {
  const { t } = useTranslation();
  const { url } = known;
  const [kind, setKind] = useState<Access>(known.access);
  const save = useSave(onClose);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const data = new FormData(form);
    const secret = form.elements.namedItem('secret');
    if (secret instanceof HTMLInputElement) secret.value = '';
    if (kind === 'none') return save.clear.mutate({ url });
    if (kind === 'password') {
      return save.password.mutate({ url, user: textOf(data, 'user').trim(), password: textOf(data, 'secret') });
    }
    await save.certificate(url, data.get('keyFile'), textOf(data, 'secret'));
  }

  return (
    <Modal opened onClose={onClose} title={t('access.title')} closeButtonProps={{ 'aria-label': t('action.close') }}>
      <form onSubmit={(event) => void submit(event)} autoComplete="off" aria-label={t('access.title')}>
        <Stack gap="sm">
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            {url}
          </Text>
          <Choice
            label={t('access.kind')}
            value={kind}
            choices={kinds.map((each) => ({
              value: each,
              label: t(`access.kind-${each}`),
              disabled: !isOffered(each, url),
            }))}
            description={isOffered('certificate', url) ? undefined : t('access.httpsOnly')}
            onChange={setKind}
          />
          {kind === 'password' && (
            <TextInput
              name="user"
              required
              maxLength={256}
              label={t('account.username')}
              defaultValue={known.access === 'password' ? known.user : ''}
            />
          )}
          {kind === 'certificate' && (
            <TextInput name="keyFile" type="file" accept=".p12,.pfx" required label={t('access.keyFile')} />
          )}
          {kind !== 'none' && (
            <PasswordInput
              name="secret"
              required={kind === 'password'}
              maxLength={1024}
              label={t(kind === 'password' ? 'account.password' : 'access.passphrase')}
              visibilityToggleButtonProps={{ 'aria-label': t('account.showPassword') }}
            />
          )}
          {kind !== 'none' && kind === known.access && <Text size="sm">{t('access.keptText')}</Text>}
          {save.code !== undefined && <ErrorNotice code={save.code} compact />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('action.cancel')}
            </Button>
            <Button type="submit" loading={save.isPending}>
              {t('settings.apply')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function useSave(onDone: () => void) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const [tooLarge, setTooLarge] = useState(false);
  const done = () => {
    announce(t('settings.saved'));
    onDone();
  };
  const password = useCallMutation('authorities.setPassword', ['authorities.list'], done);
  const certificate = useCallMutation('authorities.setCertificate', ['authorities.list'], done);
  const clear = useCallMutation('authorities.clear', ['authorities.list'], done);
  const all = [password, certificate, clear];
  return {
    password,
    clear,
    async certificate(url: string, file: FormDataEntryValue | null, passphrase: string) {
      const isFine = file instanceof File && file.size > 0 && file.size <= MAX_KEY_FILE_BYTES;
      setTooLarge(!isFine);
      if (!isFine) return;
      const pkcs12 = new Uint8Array(await file.arrayBuffer());
      certificate.mutate({ url, fileName: file.name.slice(0, 255), pkcs12, passphrase });
    },
    code: tooLarge ? 'key-file-unreadable' : all.find(({ isError }) => isError)?.error?.code,
    isPending: all.some(({ isPending }) => isPending),
  };
}
