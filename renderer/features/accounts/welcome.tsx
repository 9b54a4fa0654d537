/** After the first account: is there a card that signs, and what shall a signature look like. Both can be left for later. */
import { Button, Group, Loader, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '../../desk.tsx';
import { MarkMaker } from '../marks/mark-maker.tsx';
import { DiagnosisNotice } from '../tokens/diagnosis-notice.tsx';
import classes from './first-run.module.css';
import { PracticePin } from './try-out.tsx';

interface WelcomeProps {
  readonly userName: string;
  readonly onDone: () => void;
}

export default function Welcome({ userName, onDone }: WelcomeProps) {
  const { t } = useTranslation();
  const [step, setStep] = useState<'card' | 'mark'>('card');
  return (
    <main className={classes.page}>
      <section className={classes.card} aria-labelledby="welcome-title" data-step={step}>
        <Text size="xs" c="dimmed" mb={4}>
          {t('firstRun.step', { number: step === 'card' ? 2 : 3, of: 3 })}
        </Text>
        {step === 'card' ? (
          <CardCheck onNext={() => setStep('mark')} />
        ) : (
          <>
            <Stack gap="xs" mb="lg">
              <Title order={1} id="welcome-title">
                {t('firstRun.markTitle')}
              </Title>
              <Text c="dimmed" size="sm">
                {t('firstRun.markText')}
              </Text>
            </Stack>
            <MarkMaker
              name={userName}
              onMade={onDone}
              aside={
                <Button variant="default" onClick={onDone}>
                  {t('firstRun.later')}
                </Button>
              }
            />
          </>
        )}
      </section>
    </main>
  );
}

function CardCheck({ onNext }: { onNext: () => void }) {
  const { t } = useTranslation();
  const found = useCall('tokens.diagnose', {});
  return (
    <>
      <Stack gap="xs" mb="lg">
        <Title order={1} id="welcome-title">
          {t('firstRun.cardTitle')}
        </Title>
        <Text c="dimmed" size="sm">
          {t('firstRun.cardText')}
        </Text>
      </Stack>
      {found.data ? (
        <>
          <DiagnosisNotice diagnosis={found.data.diagnosis} />
          <PracticePin />
        </>
      ) : (
        <Group gap="xs" aria-busy="true">
          <Loader size="xs" />
          <Text size="sm">{t('token.looking')}</Text>
        </Group>
      )}
      <Group justify="flex-end" mt="lg">
        <Button onClick={onNext} data-autofocus>
          {found.data?.diagnosis.layer === 'ok' ? t('firstRun.next') : t('firstRun.withoutCard')}
        </Button>
      </Group>
    </>
  );
}
