/** The inbox: views and accounts at the side, what was asked for in a list. */
import { Button, Group, Kbd, Text, TextInput } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '../../desk.tsx';
import { PenIcon, SearchIcon } from '../../ui/icons.tsx';
import { SignDialog } from '../sign/sign-dialog.tsx';
import classes from './inbox-screen.module.css';
import { type InboxState, searchFor } from './inbox-state.ts';
import { ItemList } from './item-list.tsx';
import { SideBar } from './side-bar.tsx';

interface InboxScreenProps {
  readonly state: InboxState;
  readonly onChange: (state: InboxState) => void;
  readonly onOpen: (transactionId: string) => void;
  readonly onTokens: () => void;
}

/** `/` and Ctrl+F put the keyboard into the search field. */
function useSearchShortcut() {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const typing = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement;
      const wanted =
        (event.key === '/' && !typing) || (event.key.toLowerCase() === 'f' && (event.ctrlKey || event.metaKey));
      if (!wanted || document.querySelector('[role="dialog"]')) return;
      event.preventDefault();
      field.current?.select();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
  return field;
}

export function InboxScreen({ state, onChange, onOpen, onTokens }: InboxScreenProps) {
  const { t } = useTranslation();
  const field = useSearchShortcut();
  const [signing, setSigning] = useState<readonly string[]>();
  const { view, search, accountId } = state;
  const scope = { view, ...(search ? { search } : {}), ...(accountId === undefined ? {} : { accountId }) };
  const first = useCall('inbox.list', { ...scope, offset: 0, limit: 100 }, { keepPrevious: true });

  return (
    <div className={classes.screen}>
      <SideBar state={state} counts={first.data?.counts} onChange={onChange} onTokens={onTokens} />
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
          />
        </header>
        {state.chosen.size > 0 && (
          <Group className={classes.chosen} gap="sm" wrap="nowrap">
            <Text size="sm" fw={600} aria-live="polite">
              {t('inbox.chosen', { count: state.chosen.size })}
            </Text>
            <Button leftSection={<PenIcon />} onClick={() => setSigning([...state.chosen])}>
              {t('action.signChosen')}
            </Button>
            <Button variant="subtle" onClick={() => onChange({ ...state, chosen: new Set() })}>
              {t('action.clearChoice')}
            </Button>
          </Group>
        )}
        <ItemList state={state} first={first} onChange={onChange} onOpen={onOpen} />
      </main>
      {signing && (
        <SignDialog
          transactionIds={signing}
          onClose={() => {
            setSigning(undefined);
            onChange({ ...state, chosen: new Set() });
          }}
        />
      )}
    </div>
  );
}
