/** The views with their counts, the way to the tokens, and the accounts. */
import { ActionIcon, Button, Group, Modal, NavLink, ScrollArea, Text, Tooltip } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../preload/contract.ts';
import type { Account } from '../../../preload/model.ts';
import { useCall, useCallMutation } from '../../desk.tsx';
import { AlertIcon, CardIcon, MinusIcon, PlusIcon } from '../../ui/icons.tsx';
import { AccountForm } from '../accounts/account-form.tsx';
import { type InboxState, showAccount, showView, views } from './inbox-state.ts';
import classes from './side-bar.module.css';

interface SideBarProps {
  readonly state: InboxState;
  readonly counts: CallOutput<'inbox.list'>['counts'] | undefined;
  readonly onChange: (state: InboxState) => void;
  readonly onTokens: () => void;
}

export function SideBar({ state, counts, onChange, onTokens }: SideBarProps) {
  const { t } = useTranslation();
  return (
    <nav className={classes.side} aria-label={t('inbox.views')}>
      <ScrollArea className={classes.views} type="auto">
        {views.map((view) => (
          <NavLink
            key={view}
            component="button"
            className={classes.view}
            active={state.view === view}
            aria-current={state.view === view ? 'page' : undefined}
            label={t(`view.${view}`)}
            rightSection={counts?.[view] ? <span className={classes.count}>{counts[view]}</span> : undefined}
            onClick={() => onChange(showView(state, view))}
          />
        ))}
      </ScrollArea>
      <div className={classes.places}>
        <NavLink
          component="button"
          className={classes.view}
          label={t('tokens.link')}
          leftSection={<CardIcon />}
          onClick={onTokens}
        />
      </div>
      <Accounts state={state} onChange={onChange} />
    </nav>
  );
}

/** What the label does not say already: who I am there, or where it is. */
function secondLine({ label, userName, baseUrl }: Account): string {
  return label === userName && URL.canParse(baseUrl) ? new URL(baseUrl).host : userName;
}

function Accounts({ state, onChange }: Pick<SideBarProps, 'state' | 'onChange'>) {
  const { t } = useTranslation();
  const accounts = useCall('accounts.list', {});
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<Account>();
  const remove = useCallMutation('accounts.remove', ['accounts.list', 'inbox.list', 'sync.status']);
  return (
    <section className={classes.accounts} aria-label={t('account.list')}>
      <Group justify="space-between" px="sm" wrap="nowrap">
        <Text size="xs" c="dimmed" fw={600}>
          {t('account.list')}
        </Text>
        <Tooltip label={t('account.add')}>
          <ActionIcon variant="subtle" aria-label={t('account.add')} onClick={() => setAdding(true)}>
            <PlusIcon />
          </ActionIcon>
        </Tooltip>
      </Group>
      {accounts.data?.map((account) => (
        <div key={account.id} className={classes.account}>
          <NavLink
            component="button"
            className={classes.view}
            active={state.accountId === account.id}
            aria-pressed={state.accountId === account.id}
            label={account.label}
            description={account.state === 'sign-in-expired' ? t('account.expired') : secondLine(account)}
            leftSection={account.state === 'sign-in-expired' ? <AlertIcon /> : undefined}
            onClick={() => onChange(showAccount(state, state.accountId === account.id ? undefined : account.id))}
          />
          <ActionIcon
            className={classes.remove}
            variant="subtle"
            aria-label={t('account.remove', { name: account.label })}
            onClick={() => setRemoving(account)}
          >
            <MinusIcon />
          </ActionIcon>
        </div>
      ))}
      <Modal
        opened={adding}
        onClose={() => setAdding(false)}
        title={t('account.add')}
        closeButtonProps={{ 'aria-label': t('action.close') }}
      >
        <AccountForm onAdded={() => setAdding(false)} />
      </Modal>
      <Modal
        opened={removing !== undefined}
        onClose={() => setRemoving(undefined)}
        title={t('account.remove', { name: removing?.label ?? '' })}
        closeButtonProps={{ 'aria-label': t('action.close') }}
      >
        <Text size="sm">{t('account.removeText')}</Text>
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={() => setRemoving(undefined)}>
            {t('action.cancel')}
          </Button>
          <Button
            color="red"
            loading={remove.isPending}
            onClick={() => {
              if (!removing) return;
              remove.mutate(
                { accountId: removing.id },
                {
                  onSuccess: () => {
                    setRemoving(undefined);
                    onChange(showAccount(state, undefined));
                  },
                },
              );
            }}
          >
            {t('account.removeNow')}
          </Button>
        </Group>
      </Modal>
    </section>
  );
}
