/** The accounts in the side bar: what is to do in each, whose sign-in has ended, and ways to add, renew and remove them. */
import { ActionIcon, Menu, Modal, NavLink, Tooltip } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Account } from '../../../preload/model.ts';
import { useCall, useCallMutation } from '../../desk.tsx';
import { useCommands } from '../../shell/commands.tsx';
import { useAnnounce } from '../../ui/announcer.tsx';
import { AlertIcon, MoreIcon, PlusIcon } from '../../ui/icons.tsx';
import { AccountForm } from './account-form.tsx';
import { RemoveAccount } from './remove-account.tsx';
import { RenewSignIn } from './renew-sign-in.tsx';

interface AccountListProps {
  readonly chosen: string | undefined;
  readonly onChoose: (accountId: string | undefined) => void;
  readonly classes: Readonly<Record<string, string | undefined>>;
}

/** What the label does not say already: who I am there, or where it is. */
function secondLine({ label, userName, baseUrl }: Account): string {
  return label === userName && URL.canParse(baseUrl) ? new URL(baseUrl).host : userName;
}

type Open = { readonly kind: 'add' } | { readonly kind: 'renew' | 'remove'; readonly account: Account };

export function AccountList({ chosen, onChoose, classes }: AccountListProps) {
  const { t } = useTranslation();
  const accounts = useCall('accounts.list', {});
  const counts = useCall('inbox.accounts', {});
  const practicePin = useCall('practice.show', {}).data?.pin;
  const about = (account: Account) => {
    if (account.state === 'sign-in-expired') return t('account.expired');
    return practicePin === undefined ? secondLine(account) : t('practice.account', { pin: practicePin });
  };
  const [open, setOpen] = useState<Open>();
  const close = () => setOpen(undefined);
  const announce = useAnnounce();
  const signOut = useCallMutation('accounts.signOut', ['accounts.list', 'inbox.list', 'sync.status'], () =>
    announce(t('account.signedOut')),
  );
  useCommands([
    { id: 'account-add', label: t('account.add'), group: t('account.list'), run: () => setOpen({ kind: 'add' }) },
    ...(accounts.data ?? [])
      .filter(({ state }) => state === 'sign-in-expired')
      .map((account) => ({
        id: `account-renew ${account.id}`,
        label: t('account.renewName', { name: account.label }),
        group: t('account.list'),
        run: () => setOpen({ kind: 'renew', account }),
      })),
  ]);
  const toDo = (id: string) => counts.data?.find(({ accountId }) => accountId === id)?.counts['to-do'] ?? 0;
  return (
    <section className={classes.part} aria-label={t('account.list')}>
      <div className={classes.heading}>
        <h2 className={classes.headingText}>{t('account.list')}</h2>
        <Tooltip label={t('account.add')}>
          <ActionIcon variant="subtle" aria-label={t('account.add')} onClick={() => setOpen({ kind: 'add' })}>
            <PlusIcon />
          </ActionIcon>
        </Tooltip>
      </div>
      {accounts.data?.map((account) => (
        <div key={account.id} className={classes.account}>
          <NavLink
            component="button"
            className={classes.view}
            data-may-cut
            active={chosen === account.id}
            aria-pressed={chosen === account.id}
            label={account.label}
            description={about(account)}
            leftSection={account.state === 'sign-in-expired' ? <AlertIcon /> : undefined}
            rightSection={toDo(account.id) > 0 ? <span className={classes.count}>{toDo(account.id)}</span> : undefined}
            onClick={() => onChoose(chosen === account.id ? undefined : account.id)}
          />
          <Menu position="bottom-end" width={200}>
            <Menu.Target>
              <ActionIcon
                className={classes.more}
                variant="subtle"
                aria-label={t('account.more', { name: account.label })}
              >
                <MoreIcon />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              {account.state === 'sign-in-expired' ? (
                <Menu.Item onClick={() => setOpen({ kind: 'renew', account })}>{t('account.renew')}</Menu.Item>
              ) : (
                <Menu.Item onClick={() => signOut.mutate({ accountId: account.id })}>{t('account.signOut')}</Menu.Item>
              )}
              <Menu.Item color="var(--cs-bad)" onClick={() => setOpen({ kind: 'remove', account })}>
                {t('account.removeNow')}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </div>
      ))}
      <Modal
        opened={open?.kind === 'add' || open?.kind === 'renew'}
        onClose={close}
        title={open?.kind === 'renew' ? t('account.renewName', { name: open.account.label }) : t('account.add')}
        closeButtonProps={{ 'aria-label': t('action.close') }}
      >
        {open?.kind === 'renew' ? (
          <RenewSignIn account={open.account} onDone={close} />
        ) : (
          <AccountForm onAdded={close} />
        )}
      </Modal>
      {open?.kind === 'remove' && (
        <RemoveAccount
          account={open.account}
          onClose={(removed) => {
            close();
            if (removed && chosen === open.account.id) onChoose(undefined);
          }}
        />
      )}
    </section>
  );
}
