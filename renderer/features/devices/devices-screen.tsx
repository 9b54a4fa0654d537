/** Devices: those an account trusts, and pairing a phone or this computer with it. */
import { Button, Center, Group, Loader, Modal, NativeSelect } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall, useDeskEvent } from '../../desk.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Page } from '../../ui/page.tsx';
import { DeviceList } from './device-list.tsx';
import classes from './devices-screen.module.css';
import { PairComputer } from './pair-computer.tsx';
import { PairPhone } from './pair-phone.tsx';

export default function DevicesScreen({ onBack }: { onBack: () => void }) {
  const { t } = useTranslation();
  const accounts = useCall('accounts.list', {});
  const [chosen, setChosen] = useState<string>();
  const accountId = chosen ?? accounts.data?.[0]?.id;
  return (
    <Page
      title={t('devices.title')}
      onBack={onBack}
      actions={
        accounts.data &&
        accounts.data.length > 1 && (
          <NativeSelect
            size="xs"
            aria-label={t('devices.account')}
            value={accountId}
            data={accounts.data.map(({ id, label }) => ({ value: id, label }))}
            onChange={(event) => setChosen(event.currentTarget.value)}
          />
        )
      }
    >
      {accountId !== undefined && <AccountDevices key={accountId} accountId={accountId} />}
    </Page>
  );
}

function AccountDevices({ accountId }: { accountId: string }) {
  const { t } = useTranslation();
  const [pairing, setPairing] = useState<'phone' | 'computer'>();
  const listed = useCall('devices.list', { accountId });
  useDeskEvent('devices.changed', (change) => void (change.accountId === accountId && listed.refetch()));
  useDeskEvent('sync.changed', () => void listed.refetch());
  const close = () => setPairing(undefined);
  const dialog = { onClose: close, closeButtonProps: { 'aria-label': t('action.close') } };
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled area must be reachable by keyboard
    <main className={classes.main} tabIndex={0} aria-label={t('devices.title')}>
      <p className={classes.intro}>{t('devices.intro')}</p>
      <Group gap="xs">
        <Button onClick={() => setPairing('phone')}>{t('devices.pairPhone')}</Button>
        <Button variant="default" onClick={() => setPairing('computer')}>
          {t('devices.pairComputer')}
        </Button>
      </Group>
      {listed.isPending && (
        <Center p="xl" aria-busy="true">
          <Loader size="sm" aria-label={t('devices.asking')} />
        </Center>
      )}
      {listed.isError && <ErrorNotice code={listed.error.code} onRetry={() => void listed.refetch()} />}
      {listed.data?.code !== undefined && <ErrorNotice code={listed.data.code} compact />}
      {listed.data && <DeviceList accountId={accountId} devices={listed.data.devices} />}
      <Modal opened={pairing === 'phone'} title={t('devices.pairPhone')} {...dialog}>
        {pairing === 'phone' && <PairPhone accountId={accountId} onDone={close} />}
      </Modal>
      <Modal opened={pairing === 'computer'} title={t('devices.pairComputer')} {...dialog}>
        {pairing === 'computer' && (
          <PairComputer accountId={accountId} computerName={listed.data?.computerName ?? ''} onDone={close} />
        )}
      </Modal>
    </main>
  );
}
