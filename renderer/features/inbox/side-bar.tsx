/** The views with their counts, the accounts with what is to do in each, and the tags. */
import { NavLink, ScrollArea } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../preload/contract.ts';
import { AccountList } from '../accounts/account-list.tsx';
import { type InboxState, showAccount, showView, views } from './inbox-state.ts';
import classes from './side-bar.module.css';
import { TagList } from './tag-list.tsx';

interface SideBarProps {
  readonly state: InboxState;
  readonly counts: CallOutput<'inbox.list'>['counts'] | undefined;
  readonly onChange: (state: InboxState) => void;
}

export function SideBar({ state, counts, onChange }: SideBarProps) {
  const { t } = useTranslation();
  return (
    <nav className={classes.side} aria-label={t('inbox.views')}>
      <ScrollArea className={classes.scroll} type="auto" scrollbarSize={8}>
        <div className={classes.part}>
          {views.map((view) => (
            <NavLink
              noWrap={false}
              key={view}
              component="button"
              className={classes.view}
              active={state.view === view}
              aria-current={state.view === view ? 'page' : undefined}
              label={t(`view.${view}`)}
              rightSection={counts?.[view] ? <Count number={counts[view]} /> : undefined}
              onClick={() => onChange(showView(state, view))}
            />
          ))}
        </div>
        <AccountList
          chosen={state.accountId}
          onChoose={(accountId) => onChange(showAccount(state, accountId))}
          classes={classes}
        />
        <TagList state={state} onChange={onChange} classes={classes} />
      </ScrollArea>
    </nav>
  );
}

function Count({ number }: { number: number }) {
  const { i18n } = useTranslation();
  return <span className={classes.count}>{number.toLocaleString(i18n.language)}</span>;
}
