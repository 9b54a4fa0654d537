/** Language, theme, density of the list, notifications. */
import { NativeSelect, SegmentedControl, Switch } from '@mantine/core';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { Language, SettingsView, ThemeChoice } from '../../../preload/model.ts';
import { languageNames, languages, windowLanguage } from '../../i18n/languages.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Section } from './section.tsx';
import { useChange } from './use-change.ts';

export function LooksSection({ settings }: { settings: SettingsView }) {
  const { t } = useTranslation();
  const change = useChange();
  const themeName = useId();
  const systems = languageNames[windowLanguage(undefined, navigator.languages)];
  return (
    <Section title={t('settings.looks')}>
      <NativeSelect
        size="sm"
        label={t('settings.language')}
        value={settings.language ?? ''}
        onChange={(event) => change.mutate({ language: (event.currentTarget.value || null) as Language | null })}
      >
        <option value="">{t('settings.asSystem', { name: systems })}</option>
        {languages.map((language) => (
          <option key={language} value={language} lang={language}>
            {languageNames[language]}
          </option>
        ))}
      </NativeSelect>
      <div>
        <div id={themeName} className="cs-label">
          {t('settings.theme')}
        </div>
        <SegmentedControl
          fullWidth
          size="xs"
          aria-labelledby={themeName}
          value={settings.theme ?? 'system'}
          onChange={(value) => change.mutate({ theme: value === 'system' ? null : (value as ThemeChoice) })}
          data={(['system', 'light', 'dark', 'contrast'] as const).map((value) => ({
            value,
            label: t(`theme.${value}`),
          }))}
        />
      </div>
      <Switch
        size="xs"
        label={t('filter.compact')}
        checked={settings.compactList}
        onChange={(event) => change.mutate({ compactList: event.currentTarget.checked })}
      />
      <Switch
        size="xs"
        label={t('settings.notifications')}
        description={t('settings.notificationsText')}
        checked={settings.notifications}
        onChange={(event) => change.mutate({ notifications: event.currentTarget.checked })}
      />
      {change.isError && <ErrorNotice code={change.error.code} compact />}
    </Section>
  );
}
