/** Where newer versions of the app are looked for, and what was found there. */
import { Button, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../preload/contract.ts';
import type { SettingsView } from '../../../preload/model.ts';
import { useCall, useCallMutation } from '../../desk.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { formatDay } from '../../ui/format.ts';
import { useLocale } from '../../ui/use-locale.ts';
import { AddressSetting } from './address-setting.tsx';
import { Section } from './section.tsx';
import { useChange } from './use-change.ts';

export function UpdatesSection({ settings }: { settings: SettingsView }) {
  const { t } = useTranslation();
  const change = useChange();
  const check = useCallMutation('updates.check', []);
  const updateAddress = settings.updateAddress ?? '';
  return (
    <Section title={t('settings.updates')} text={t('settings.updatesText')}>
      <AddressSetting
        label={t('settings.updateAddress')}
        description={t('settings.updateAddressText')}
        placeholder="https://"
        value={updateAddress}
        onApply={(address) => change.mutate({ updateAddress: address }, { onSuccess: check.reset })}
      />
      {change.isError && <ErrorNotice code={change.error.code} compact />}
      <div>
        <Button
          variant="default"
          loading={check.isPending}
          disabled={updateAddress === ''}
          onClick={() => check.mutate({})}
        >
          {t('settings.updateCheck')}
        </Button>
      </div>
      {check.data && <Found found={check.data} />}
      {check.isError && <ErrorNotice code={check.error.code} compact />}
    </Section>
  );
}

function Found({ found: { release } }: { found: CallOutput<'updates.check'> }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const version = useCall('app.info', {}).data?.version ?? '';
  const words = !release
    ? t('settings.updateNewest', { version })
    : release.releasedAt === undefined
      ? t('settings.updateFound', { version: release.version })
      : t('settings.updateFoundOn', {
          version: release.version,
          day: formatDay(release.releasedAt, Date.now(), locale),
        });
  return (
    <Text size="sm" role="status" data-update={release?.version ?? 'none'}>
      {words}
    </Text>
  );
}
