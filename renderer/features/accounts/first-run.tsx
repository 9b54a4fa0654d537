/** The first screen of a new profile: sign in to the first signing service. */
import { Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { AccountForm } from './account-form.tsx';
import classes from './first-run.module.css';

export function FirstRun({ onAdded }: { onAdded: () => void }) {
  const { t } = useTranslation();
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
      </section>
    </main>
  );
}
