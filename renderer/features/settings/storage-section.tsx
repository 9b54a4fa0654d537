/** Where the profile and its key are, and what is fetched ahead. */
import { NativeSelect } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { SettingsView } from '../../../preload/model.ts';
import { useCall } from '../../desk.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { formatSize } from '../../ui/format.ts';
import { useLocale } from '../../ui/use-locale.ts';
import { Fact, Section } from './section.tsx';
import { useChange } from './use-change.ts';

const MEBIBYTE = 1024 * 1024;
const sizes = [0, 8, 32, 128, 512].map((mebibytes) => mebibytes * MEBIBYTE);

export function StorageSection({ settings }: { settings: SettingsView }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const info = useCall('app.info', {});
  const change = useChange();
  const { prefetchLimitBytes } = settings;
  const offered = sizes.includes(prefetchLimitBytes) ? sizes : [...sizes, prefetchLimitBytes].sort((a, b) => a - b);
  return (
    <Section title={t('settings.storage')} text={t('settings.storageText')}>
      {info.data && (
        <dl style={{ margin: 0 }}>
          <Fact name={t('settings.profile')}>{info.data.profile}</Fact>
          <Fact name={t('settings.key')}>{t(`secretStore.${info.data.secretStore}`)}</Fact>
        </dl>
      )}
      <NativeSelect
        size="sm"
        label={t('settings.prefetch')}
        description={t('settings.prefetchText')}
        value={prefetchLimitBytes}
        onChange={(event) => change.mutate({ prefetchLimitBytes: Number(event.currentTarget.value) })}
      >
        {offered.map((bytes) => (
          <option key={bytes} value={bytes}>
            {bytes === 0 ? t('settings.prefetchNone') : t('settings.upTo', { size: formatSize(bytes, locale) })}
          </option>
        ))}
      </NativeSelect>
      {change.isError && <ErrorNotice code={change.error.code} compact />}
    </Section>
  );
}
