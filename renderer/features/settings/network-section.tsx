/** The proxy and the certificates that are trusted besides the system's. */
import { Button, Group, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SettingsView } from '../../../preload/model.ts';
import { useCallMutation } from '../../desk.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Section } from './section.tsx';
import { useChange } from './use-change.ts';

export function NetworkSection({ settings }: { settings: SettingsView }) {
  const { t } = useTranslation();
  const change = useChange();
  const [proxy, setProxy] = useState(settings.proxyUrl ?? '');
  const [changed, setChanged] = useState(false);
  const { caFile } = settings;
  const needsRestart = () => setChanged(true);
  const choose = useCallMutation('settings.chooseCaFile', ['settings.get'], (chosen) => {
    if (chosen.caFile !== undefined) needsRestart();
  });

  function save(event: FormEvent) {
    event.preventDefault();
    change.mutate({ proxyUrl: proxy.trim() === '' ? null : proxy.trim() }, { onSuccess: needsRestart });
  }

  return (
    <Section title={t('settings.network')} text={t('settings.networkText')}>
      <form onSubmit={save}>
        <Group align="flex-start" gap="xs" wrap="nowrap">
          <TextInput
            flex={1}
            inputMode="url"
            placeholder="http://proxy:3128"
            label={t('settings.proxy')}
            value={proxy}
            maxLength={2048}
            onChange={(event) => setProxy(event.currentTarget.value)}
          />
          <Button type="submit" variant="default" mt={23} disabled={proxy.trim() === (settings.proxyUrl ?? '')}>
            {t('settings.apply')}
          </Button>
        </Group>
      </form>
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
