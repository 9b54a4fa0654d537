/** The first screen of a new profile: sign in to the first signing service, or open files of one's own without any. */
import { Button, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useNavigation } from '../../shell/navigation.tsx';
import { useFiles } from '../files/files-context.tsx';
import { AccountForm } from './account-form.tsx';
import classes from './first-run.module.css';

export function FirstRun({ onAdded }: { onAdded: () => void }) {
  const { t } = useTranslation();
  const { go } = useNavigation();
  const { adding, choose } = useFiles();
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
        <div className={classes.without}>
          <Text c="dimmed" size="sm">
            {t('firstRun.without')}
          </Text>
          <Button
            variant="default"
            size="compact-sm"
            loading={adding}
            className={classes.open}
            onClick={() => void choose().then(() => go({ name: 'files' }))}
          >
            {t('files.open')}
          </Button>
        </div>
      </section>
    </main>
  );
}
