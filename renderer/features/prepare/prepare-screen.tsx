/** Preparing: a new transaction out of files, or one made from a template. */
import { Alert, SegmentedControl, Select } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PreparedOutcome } from '../../../preload/model.ts';
import { useCall } from '../../desk.tsx';
import { Page } from '../../ui/page.tsx';
import { FromTemplate } from './from-template.tsx';
import { NewTransaction } from './new-transaction.tsx';
import classes from './prepare-screen.module.css';

/** `published` is a template: there is nobody yet to send it to. */
const wordsOf = (status: string) =>
  status === 'draft' ? 'prepare.savedAs' : status === 'published' ? 'prepare.templateReady' : 'prepare.sent';

export default function PrepareScreen({ onBack }: { onBack: () => void }) {
  const { t } = useTranslation();
  const accounts = useCall('accounts.list', {});
  const [chosen, setChosen] = useState<string>();
  const [way, setWay] = useState<'new' | 'template'>('new');
  const [made, setMade] = useState<{ outcome: PreparedOutcome; title: string }>();
  const list = accounts.data ?? [];
  const accountId = list.find(({ id }) => id === chosen)?.id ?? list[0]?.id;
  const onMade = (outcome: PreparedOutcome, title: string) => setMade({ outcome, title });
  return (
    <Page title={t('prepare.nav')} onBack={onBack}>
      <main className={classes.main} aria-label={t('prepare.nav')}>
        <div className={classes.choices}>
          <SegmentedControl
            aria-label={t('prepare.way')}
            value={way}
            onChange={(value) => setWay(value === 'template' ? 'template' : 'new')}
            data={[
              { value: 'new', label: t('prepare.new') },
              { value: 'template', label: t('prepare.fromTemplate') },
            ]}
          />
          {list.length > 1 && (
            <Select
              aria-label={t('prepare.account')}
              allowDeselect={false}
              data={list.map(({ id, label }) => ({ value: id, label }))}
              value={accountId ?? null}
              onChange={(id) => id !== null && setChosen(id)}
            />
          )}
        </div>
        {made && (
          <Alert
            role="status"
            variant="outline"
            m="xs"
            withCloseButton
            closeButtonLabel={t('action.close')}
            onClose={() => setMade(undefined)}
            title={t(wordsOf(made.outcome.status), { title: made.title })}
          >
            {made.outcome.expiryKept ? null : t('prepare.expiryNotKept')}
          </Alert>
        )}
        {accountId !== undefined &&
          (way === 'new' ? (
            <NewTransaction key={accountId} accountId={accountId} onMade={onMade} />
          ) : (
            <FromTemplate key={accountId} accountId={accountId} onMade={onMade} />
          ))}
      </main>
    </Page>
  );
}
