/** How long a PIN serves: its batch alone, some minutes, or until the card is removed; and what ends it sooner. */
import { NativeSelect } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useCall, useCallMutation } from '../../desk.tsx';
import classes from './side-list.module.css';

const choices = [0, 5, 15, 60, 240, 'until-removed'] as const;

export function LoginLifetime() {
  const { t } = useTranslation();
  const shown = useCall('tokens.loginLifetime', {});
  const change = useCallMutation('settings.change', [
    'tokens.loginLifetime',
    'settings.get',
    'tokens.diagnose',
    'tokens.list',
  ]);
  if (!shown.data) return undefined;
  const { minutes, watchesSystem } = shown.data;
  const all = choices.some((choice) => choice === minutes) ? choices : [...choices, minutes];
  const words = (choice: number | 'until-removed') =>
    choice === 'until-removed'
      ? t('loginLifetime.untilRemoved')
      : choice === 0
        ? t('loginLifetime.batch')
        : t('loginLifetime.minutes', { count: choice });
  return (
    <section aria-label={t('loginLifetime.title')}>
      <h2 className={classes.title}>{t('loginLifetime.title')}</h2>
      <NativeSelect
        mb={4}
        size="xs"
        aria-label={t('loginLifetime.title')}
        disabled={!watchesSystem || change.isPending}
        value={String(watchesSystem ? minutes : 0)}
        data={all.map((choice) => ({ value: String(choice), label: words(choice) }))}
        onChange={({ currentTarget: { value } }) =>
          change.mutate({ loginLifetimeMinutes: value === 'until-removed' ? value : Number(value) })
        }
      />
      <p className={classes.detail}>{t(watchesSystem ? 'loginLifetime.text' : 'loginLifetime.notHere')}</p>
    </section>
  );
}
