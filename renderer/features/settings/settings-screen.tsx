/** The settings. A section is a component of its own; what it changes holds at once, there is nothing to save. */
import { Center, Loader } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useCall } from '../../desk.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Page } from '../../ui/page.tsx';
import { MarksSection } from '../marks/marks-section.tsx';
import { AboutSection } from './about-section.tsx';
import { LooksSection } from './looks-section.tsx';
import { NetworkSection } from './network-section.tsx';
import classes from './settings-screen.module.css';
import { StorageSection } from './storage-section.tsx';
import { TimestampSection } from './timestamp-section.tsx';
import { UpdatesSection } from './updates-section.tsx';

export default function SettingsScreen({ onBack }: { onBack: () => void }) {
  const { t } = useTranslation();
  const settings = useCall('settings.get', {});
  return (
    <Page title={t('nav.settings')} onBack={onBack}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled area must be reachable by keyboard */}
      <main className={classes.main} tabIndex={0} aria-label={t('nav.settings')}>
        {settings.data ? (
          <div className={classes.sections}>
            <LooksSection settings={settings.data} />
            <MarksSection />
            <TimestampSection settings={settings.data} />
            <NetworkSection settings={settings.data} />
            <StorageSection settings={settings.data} />
            <UpdatesSection settings={settings.data} />
            <AboutSection />
          </div>
        ) : settings.isError ? (
          <ErrorNotice code={settings.error.code} onRetry={() => void settings.refetch()} />
        ) : (
          <Center h="100%" aria-busy="true">
            <Loader size="sm" />
          </Center>
        )}
      </main>
    </Page>
  );
}
