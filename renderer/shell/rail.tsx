/** The rail at the window's edge: inbox and pages, what waits on them, and the app's own at the foot. */
import type { ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '../desk.tsx';
import { InboxIcon } from '../ui/icons.tsx';
import { apple } from './commands.tsx';
import { ariaKeys } from './keys.ts';
import { type Place, useNavigation } from './navigation.tsx';
import { type Page, pageNames, pages } from './pages.ts';
import classes from './rail.module.css';

interface RailButtonProps {
  readonly place: Place;
  readonly label: string;
  readonly Icon: ComponentType;
  readonly keys?: string;
  /** A number that waits there, with its words for screen readers. */
  readonly waiting?: { readonly count: number; readonly words: string };
}

function RailButton({ place, label, Icon, keys, waiting }: RailButtonProps) {
  const navigation = useNavigation();
  const here = navigation.place.name === place.name || (place.name === 'inbox' && navigation.place.name === 'document');
  return (
    <button
      type="button"
      className={classes.button}
      title={label}
      aria-label={waiting && waiting.count > 0 ? `${label}, ${waiting.words}` : label}
      aria-current={here ? 'page' : undefined}
      aria-keyshortcuts={keys === undefined ? undefined : ariaKeys(keys, apple)}
      onClick={() => navigation.go(place)}
    >
      <Icon />
      {waiting !== undefined && waiting.count > 0 && (
        <span className={classes.waiting} aria-hidden="true">
          {waiting.count > 99 ? '99+' : waiting.count}
        </span>
      )}
    </button>
  );
}

/** The key of the n-th place of the rail. */
export function placeKeys(index: number): string | undefined {
  return index < 9 ? `mod+${index + 1}` : undefined;
}

export function Rail() {
  const { t } = useTranslation();
  const first = useCall('inbox.list', { view: 'to-do', offset: 0, limit: 1 });
  const status = useCall('sync.status', {});
  const toDo = first.data?.counts['to-do'] ?? 0;
  const unsent = (status.data?.waiting ?? 0) + (status.data?.needsAttention ?? 0);
  const button = (name: (typeof pageNames)[number]) => {
    const page: Page = pages[name];
    const keys = placeKeys(pageNames.indexOf(name) + 1);
    return (
      <RailButton
        key={name}
        place={{ name }}
        label={t(page.label)}
        Icon={page.Icon}
        {...(keys === undefined ? {} : { keys })}
        {...(name === 'activity' ? { waiting: { count: unsent, words: t('sync.waiting', { count: unsent }) } } : {})}
      />
    );
  };
  const atFoot = (name: (typeof pageNames)[number]) => (pages[name] as Page).atFoot === true;
  return (
    <nav className={classes.rail} aria-label={t('nav.places')}>
      <RailButton
        place={{ name: 'inbox' }}
        label={t('nav.inbox')}
        Icon={InboxIcon}
        keys="mod+1"
        waiting={{ count: toDo, words: t('nav.toDo', { count: toDo }) }}
      />
      {pageNames.filter((name) => !atFoot(name)).map(button)}
      <span className={classes.gap} />
      {pageNames.filter(atFoot).map(button)}
    </nav>
  );
}
