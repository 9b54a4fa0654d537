/** Whether what was done here has reached the service. */
import { useTranslation } from 'react-i18next';
import type { SyncState } from '../../preload/model.ts';
import { AlertIcon, CheckIcon, ClockIcon, SyncIcon } from './icons.tsx';
import classes from './sync-mark.module.css';

const icons = { synced: CheckIcon, waiting: ClockIcon, sending: SyncIcon, 'needs-attention': AlertIcon } as const;

export function SyncMark({ state }: { state: SyncState }) {
  const { t } = useTranslation();
  const Shape = icons[state];
  return (
    <span className={classes.mark} data-sync={state} title={t(`syncState.${state}`)}>
      <Shape />
      <span className="cs-hidden">{t(`syncState.${state}`)}</span>
    </span>
  );
}
