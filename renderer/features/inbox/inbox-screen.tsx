/** The inbox: views, accounts and tags at the side, what was asked for in a list. */
import { Button, Group, Kbd, Text, TextInput } from '@mantine/core';
import { useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '../../desk.tsx';
import { type Command, useCommands } from '../../shell/commands.tsx';
import { PenIcon, SearchIcon } from '../../ui/icons.tsx';
import { SignDialog } from '../sign/sign-dialog.tsx';
import { FilterMenu } from './filter-menu.tsx';
import classes from './inbox-screen.module.css';
import { chooseNone, firstPage, type InboxState, searchFor, showView, signable, views } from './inbox-state.ts';
import { ItemList } from './item-list.tsx';
import { NotificationsMenu } from './notifications-menu.tsx';
import { SideBar } from './side-bar.tsx';

interface InboxScreenProps {
  readonly state: InboxState;
  readonly onChange: (state: InboxState) => void;
  readonly onOpen: (transactionId: string) => void;
}

/** Keys of the views: `g` and a letter of the English name. */
const viewKeys = {
  'to-do': 'g t',
  'to-fill': 'g f',
  'to-sign': 'g s',
  waiting: 'g w',
  done: 'g d',
  declined: 'g x',
  drafts: 'g r',
  outbox: 'g o',
  all: 'g a',
} as const;

function useInboxCommands(state: InboxState, onChange: (state: InboxState) => void, more: readonly Command[]): void {
  const { t } = useTranslation();
  const list = t('shortcuts.list');
  const key = (id: string, label: string, keys: string): Command => ({ id, label, group: list, keys });
  useCommands([
    ...more,
    ...views.map((view) => ({
      id: `view ${view}`,
      label: t(`view.${view}`),
      group: t('inbox.views'),
      keys: viewKeys[view],
      run: () => onChange(showView(state, view)),
    })),
    key('list-up', t('shortcuts.up'), 'ArrowUp'),
    key('list-down', t('shortcuts.down'), 'ArrowDown'),
    key('list-open', t('shortcuts.open'), 'Enter'),
    key('list-toggle', t('shortcuts.toggle'), 'Space'),
    key('list-range', t('shortcuts.range'), 'shift+ArrowDown'),
    key('list-all', t('shortcuts.all'), 'mod+a'),
    key('list-none', t('shortcuts.none'), 'Escape'),
  ]);
}

export function InboxScreen({ state, onChange, onOpen }: InboxScreenProps) {
  const { t } = useTranslation();
  const field = useRef<HTMLInputElement>(null);
  const [signing, setSigning] = useState<readonly string[]>();
  const { view, search } = state;
  const first = useCall(
    'inbox.list',
    useMemo(() => firstPage(state), [state]),
    { keepPrevious: true },
  );
  const toSign = signable(state);
  const sign = toSign.length > 0 ? () => setSigning(toSign) : undefined;
  const focusSearch = () => field.current?.select();
  useInboxCommands(state, onChange, [
    { id: 'search', label: t('inbox.search'), group: t('shortcuts.app'), keys: '/', run: focusSearch },
    {
      id: 'find',
      label: t('inbox.search'),
      group: t('shortcuts.app'),
      keys: 'mod+f',
      inPalette: false,
      run: focusSearch,
    },
    ...(sign ? [{ id: 'sign', label: t('action.signChosen'), group: t('shortcuts.list'), keys: 's', run: sign }] : []),
  ]);

  return (
    <div className={classes.screen}>
      <SideBar state={state} counts={first.data?.counts} onChange={onChange} />
      <main className={classes.main}>
        <header className={classes.head}>
          <h1 className={classes.title}>{t(`view.${view}`)}</h1>
          <TextInput
            ref={field}
            className={classes.search}
            size="xs"
            type="search"
            aria-label={t('inbox.search')}
            placeholder={t('inbox.search')}
            leftSection={<SearchIcon />}
            rightSection={search === '' ? <Kbd size="xs">/</Kbd> : undefined}
            value={search}
            maxLength={200}
            onChange={(event) => onChange(searchFor(state, event.currentTarget.value))}
            onKeyDown={(event) => {
              if (event.key !== 'Escape' || search === '') return;
              event.stopPropagation();
              onChange(searchFor(state, ''));
            }}
          />
          <FilterMenu state={state} onChange={onChange} />
          <NotificationsMenu onOpen={onOpen} />
        </header>
        {state.chosen.size > 0 && (
          <Group className={classes.chosen} gap="sm" wrap="nowrap">
            <Text size="sm" fw={600} aria-live="polite">
              {t('inbox.chosen', { count: state.chosen.size })}
            </Text>
            <Button leftSection={<PenIcon />} disabled={!sign} onClick={sign}>
              {t('action.signChosen')}
            </Button>
            <Button variant="subtle" onClick={() => onChange(chooseNone(state))}>
              {t('action.clearChoice')}
            </Button>
          </Group>
        )}
        <ItemList key={view} state={state} first={first} onChange={onChange} onOpen={onOpen} />
      </main>
      {signing && (
        <SignDialog
          transactionIds={signing}
          onClose={() => {
            setSigning(undefined);
            onChange(chooseNone(state));
          }}
        />
      )}
    </div>
  );
}
