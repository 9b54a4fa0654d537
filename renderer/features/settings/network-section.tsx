/** The proxy and the certificates that are trusted besides the system's. */
import { Button, Group, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SettingsView } from '../../../preload/model.ts';
import { useCallMutation } from '../../desk.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { AddressSetting } from './address-setting.tsx';
import { Section } from './section.tsx';
import { useChange } from './use-change.ts';

export function NetworkSection({ settings }: { settings: SettingsView }) {
  const { t } = useTranslation();
  const change = useChange();
  const [changed, setChanged] = useState(false);
  const { caFile } = settings;
  const needsRestart = () => setChanged(true);
  const choose = useCallMutation('settings.chooseCaFile', ['settings.get'], (chosen) => {
    if (chosen.caFile !== undefined) needsRestart();
  });

  return (
    <Section title={t('settings.network')} text={t('settings.networkText')}>
      <AddressSetting
        label={t('settings.proxy')}
        placeholder="http://proxy:3128"
        value={settings.proxyUrl ?? ''}
        onApply={(proxyUrl) => change.mutate({ proxyUrl }, { onSuccess: needsRestart })}
      />
      <div>
        <div className="cs-label">{t('settings.caFile')}</div>
        <Group gap="xs" wrap="nowrap">
          <Text size="sm" flex={1} style={{ overflowWrap: 'anywhere' }}>
            {caFile ?? t('settings.noCaFile')}
          </Text>
          <Button variant="default" loading={choose.isPending} onClick={() => choose.mutate({})}>
            {t('settings.chooseCaFile')}
          </Button>
          {caFile && (
            <Button variant="subtle" onClick={() => change.mutate({ caFile: null }, { onSuccess: needsRestart })}>
              {t('settings.remove')}
            </Button>
          )}
        </Group>
      </div>
      {changed && (
        <Text size="sm" role="status">
          {t('settings.nextStart')}
        </Text>
      )}
      {choose.isError && <ErrorNotice code={choose.error.code} compact />}
      {change.isError && <ErrorNotice code={change.error.code} compact />}
    </Section>
  );
}
