/** Signs in to a signing service: where it is, who I am, and (folded away) the client it knows the app by. */
import { Button, Collapse, Group, PasswordInput, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCallMutation } from '../../desk.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { useSyncAccount } from '../sync/use-sync-account.ts';
import { checkAddress } from './address.ts';

/** A field's text; empty where there is none. */
export function textOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value : '';
}

interface AccountFormProps {
  readonly onAdded?: () => void;
}

export function AccountForm({ onAdded }: AccountFormProps) {
  const { t } = useTranslation();
  const [advanced, setAdvanced] = useState(false);
  const [addressProblem, setAddressProblem] = useState<'malformed' | 'insecure'>();
  const advancedId = useId();
  const syncAccount = useSyncAccount();
  const add = useCallMutation('accounts.add', ['accounts.list', 'inbox.list', 'sync.status'], ({ id }) => {
    syncAccount(id);
    onAdded?.();
  });

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const data = new FormData(form);
    const address = checkAddress(textOf(data, 'baseUrl'));
    setAddressProblem(address.ok ? undefined : address.problem);
    if (!address.ok) return;
    const password = form.elements.namedItem('password');
    const input = {
      provider: 'signing-today' as const,
      baseUrl: address.url,
      username: textOf(data, 'username').trim(),
      password: textOf(data, 'password'),
      clientId: textOf(data, 'clientId'),
      clientSecret: textOf(data, 'clientSecret'),
    };
    if (password instanceof HTMLInputElement) password.value = '';
    add.mutate(input);
  }

  return (
    <form onSubmit={submit} autoComplete="off" aria-label={t('account.formName')}>
      <Stack gap="sm">
        <TextInput
          name="baseUrl"
          inputMode="url"
          required
          label={t('account.address')}
          placeholder="https://"
          error={addressProblem && t(`account.address-${addressProblem}`)}
        />
        <TextInput name="username" required maxLength={256} label={t('account.username')} />
        <PasswordInput
          name="password"
          required
          maxLength={1024}
          label={t('account.password')}
          visibilityToggleButtonProps={{ 'aria-label': t('account.showPassword') }}
        />
        <Collapse expanded={advanced} id={advancedId} keepMounted>
          <Stack gap="sm">
            <TextInput name="clientId" maxLength={256} label={t('account.clientId')} />
            <PasswordInput
              name="clientSecret"
              maxLength={1024}
              label={t('account.clientSecret')}
              visibilityToggleButtonProps={{ 'aria-label': t('account.showSecret') }}
            />
          </Stack>
        </Collapse>
        {add.isError && <ErrorNotice code={add.error.code} />}
        <Group justify="space-between">
          <Button
            variant="subtle"
            onClick={() => setAdvanced(!advanced)}
            aria-expanded={advanced}
            aria-controls={advancedId}
          >
            {t(advanced ? 'account.fewerFields' : 'account.moreFields')}
          </Button>
          <Button type="submit" loading={add.isPending}>
            {t('account.signIn')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
