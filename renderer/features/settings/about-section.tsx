/** Which version this is, and how it is brought up to date. */
import { Button, Group, Modal, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useCall, useCallMutation } from '../../desk.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { SavedCopy } from '../../ui/saved-copy.tsx';
import classes from './section.module.css';
import { Fact, Section } from './section.tsx';

/** What to give to somebody who helps: read first, then saved where the person says. */
function Diagnostics() {
  const { t } = useTranslation();
  const preview = useCallMutation('diagnostics.preview', []);
  const save = useCallMutation('diagnostics.export', []);
  const failed = preview.error ?? save.error;
  return (
    <div>
      <div className="cs-label">{t('settings.diagnostics')}</div>
      <Text size="xs" c="dimmed" mb="xs">
        {t('settings.diagnosticsText')}
      </Text>
      <Group gap="xs">
        <Button variant="default" loading={preview.isPending} onClick={() => preview.mutate({})}>
          {t('settings.diagnosticsShow')}
        </Button>
        <Button variant="default" loading={save.isPending} onClick={() => save.mutate({})}>
          {t('settings.diagnosticsSave')}
        </Button>
      </Group>
      <SavedCopy saved={save.data} />
      {failed && <ErrorNotice code={failed.code} compact />}
      <Modal
        opened={preview.data !== undefined}
        onClose={preview.reset}
        title={t('settings.diagnostics')}
        size="xl"
        closeButtonProps={{ 'aria-label': t('action.close') }}
      >
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled area must be reachable by keyboard */}
        <pre className={classes.diagnostics} tabIndex={0}>
          {preview.data?.text}
        </pre>
      </Modal>
    </div>
  );
}

export function AboutSection() {
  const { t } = useTranslation();
  const info = useCall('app.info', {});
  return (
    <Section title={t('settings.about')}>
      {info.data && (
        <dl style={{ margin: 0 }}>
          <Fact name={t('settings.version')}>{info.data.version}</Fact>
          <Fact name={t('settings.host')}>{t(`host.${info.data.host}`)}</Fact>
          {info.data.missing.length > 0 && <Fact name={t('settings.missing')}>{info.data.missing.join(', ')}</Fact>}
        </dl>
      )}
      <Diagnostics />
    </Section>
  );
}
