/** Signs in again where the sign-in has ended: the password, and the user name only where it is not known from before. */
import { Button, Group, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import type { FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Account } from '../../../preload/model.ts';
import { useCallMutation } from '../../desk.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { useSyncAccount } from '../sync/use-sync-account.ts';
import { textOf } from './account-form.tsx';

interface RenewSignInProps {
  readonly account: Account;
  readonly onDone: () => void;
}

export function RenewSignIn({ account, onDone }: RenewSignInProps) {
  const { t } = useTranslation();
  const syncAccount = useSyncAccount();
  const renew = useCallMutation('accounts.signIn', ['accounts.list', 'inbox.list', 'sync.status'], ({ id }) => {
    syncAccount(id);
    onDone();
  });
  // Once asked for it stays: a wrong password after it does not take the field away.
  const asksName = renew.error?.code === 'username-needed' || renew.variables?.username !== undefined;

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const data = new FormData(form);
    const username = textOf(data, 'username').trim();
    const field = form.elements.namedItem('password');
    if (field instanceof HTMLInputElement) field.value = '';
    renew.mutate({
      accountId: account.id,
      password: textOf(data, 'password'),
      ...(username === '' ? {} : { username }),
    });
  }

  return (
    <form onSubmit={submit} autoComplete="off" aria-label={t('account.formName')}>
      <Stack gap="sm">
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          {t('account.renewText', { name: account.userName, address: account.baseUrl })}
        </Text>
        {asksName && <TextInput name="username" required maxLength={256} label={t('account.username')} />}
        <PasswordInput
          name="password"
          required
          maxLength={1024}
          data-autofocus
          label={t('account.password')}
          visibilityToggleButtonProps={{ 'aria-label': t('account.showPassword') }}
        />
        {renew.isError && <ErrorNotice code={renew.error.code} />}
        <Group justify="flex-end">
          <Button type="submit" loading={renew.isPending}>
            {t('account.signIn')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
