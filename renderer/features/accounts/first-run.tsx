/** The first screen of a new profile: sign in to the first signing service, or open files of one's own without any. */
import { Button, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { useFiles } from '../files/files-context.tsx';
import { useOpenFiles } from '../files/use-open-files.ts';
import { AccountForm } from './account-form.tsx';
import classes from './first-run.module.css';
import { TryOut } from './try-out.tsx';

export function FirstRun({ onAdded }: { onAdded: () => void }) {
  const { t } = useTranslation();
  const { adding, problem } = useFiles();
  const openFiles = useOpenFiles();
  return (
    <main className={classes.page}>
      <section className={classes.card} aria-labelledby="first-run-title">
        <Stack gap="xs" mb="lg">
          <Title order={1} id="first-run-title">
            {t('firstRun.title')}
          </Title>
          <Text c="dimmed" size="sm">
            {t('firstRun.text')}
          </Text>
        </Stack>
        <AccountForm onAdded={onAdded} />
        <TryOut onStarted={onAdded} />
        {problem !== undefined && <ErrorNotice code={problem} compact />}
        <div className={classes.without}>
          <Text c="dimmed" size="sm">
            {t('firstRun.without')}
          </Text>
          <Button variant="default" size="compact-sm" loading={adding} className={classes.open} onClick={openFiles}>
            {t('files.open')}
          </Button>
        </div>
      </section>
    </main>
  );
}
