/** The devices an account trusts: renamed and revoked here. */
import { Badge, Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallName } from '../../../preload/contract.ts';
import type { DeviceView } from '../../../preload/model.ts';
import { useCallMutation } from '../../desk.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { formatMoment } from '../../ui/format.ts';
import { useLocale } from '../../ui/use-locale.ts';
import classes from './devices-screen.module.css';

const refreshed: readonly CallName[] = ['devices.list', 'sync.status'];

interface DeviceListProps {
  readonly accountId: string;
  readonly devices: readonly DeviceView[];
}

export function DeviceList({ accountId, devices }: DeviceListProps) {
  const { t } = useTranslation();
  const [renaming, setRenaming] = useState<DeviceView>();
  const [revoking, setRevoking] = useState<DeviceView>();
  if (devices.length === 0) return <Text c="dimmed">{t('devices.none')}</Text>;
  return (
    <>
      <ul className={classes.list} aria-label={t('devices.title')}>
        {devices.map((device) => (
          <Device key={device.deviceId} device={device} onRename={setRenaming} onRevoke={setRevoking} />
        ))}
      </ul>
      <Modal
        opened={renaming !== undefined}
        onClose={() => setRenaming(undefined)}
        title={t('devices.rename')}
        closeButtonProps={{ 'aria-label': t('action.close') }}
      >
        {renaming && <Rename accountId={accountId} device={renaming} onDone={() => setRenaming(undefined)} />}
      </Modal>
      <Modal
        opened={revoking !== undefined}
        onClose={() => setRevoking(undefined)}
        title={t('devices.revokeTitle', { name: revoking?.name ?? '' })}
        closeButtonProps={{ 'aria-label': t('action.close') }}
      >
        {revoking && <Revoke accountId={accountId} device={revoking} onDone={() => setRevoking(undefined)} />}
      </Modal>
    </>
  );
}

interface DeviceProps {
  readonly device: DeviceView;
  readonly onRename: (device: DeviceView) => void;
  readonly onRevoke: (device: DeviceView) => void;
}

function Device({ device, onRename, onRevoke }: DeviceProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { name, registeredAt, thisComputer, revoking } = device;
  return (
    <li className={classes.device} data-device={device.deviceId}>
      <div className={classes.about}>
        <span className={classes.name}>{name}</span>
        {registeredAt !== undefined && (
          <span className={classes.detail}>
            {t('devices.since', { time: formatMoment(registeredAt, Date.now(), locale) })}
          </span>
        )}
      </div>
      {thisComputer && (
        <Badge variant="light" color="gray" tt="none" c="var(--mantine-color-text)">
          {t('devices.thisComputer')}
        </Badge>
      )}
      {revoking ? (
        <span className={classes.detail}>{t('devices.revoking')}</span>
      ) : (
        <Group gap="xs" wrap="nowrap">
          <Button
            variant="subtle"
            size="compact-sm"
            aria-label={t('devices.renameNamed', { name })}
            onClick={() => onRename(device)}
          >
            {t('devices.rename')}
          </Button>
          <Button
            variant="subtle"
            size="compact-sm"
            aria-label={t('devices.revokeTitle', { name })}
            onClick={() => onRevoke(device)}
          >
            {t('devices.revoke')}
          </Button>
        </Group>
      )}
    </li>
  );
}

interface DialogProps {
  readonly accountId: string;
  readonly device: DeviceView;
  readonly onDone: () => void;
}

function Rename({ accountId, device, onDone }: DialogProps) {
  const { t } = useTranslation();
  const [name, setName] = useState(device.name);
  const rename = useCallMutation('devices.rename', refreshed, onDone);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    rename.mutate({ accountId, deviceId: device.deviceId, name: name.trim() });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <TextInput
          label={t('devices.newName')}
          data-autofocus
          maxLength={120}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        {rename.isError && <ErrorNotice code={rename.error.code} />}
        <Group justify="flex-end">
          <Button type="submit" loading={rename.isPending} disabled={name.trim() === ''}>
            {t('devices.rename')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Revoke({ accountId, device, onDone }: DialogProps) {
  const { t } = useTranslation();
  const revoke = useCallMutation('devices.revoke', refreshed, onDone);
  return (
    <Stack gap="sm">
      <Text size="sm">{t('devices.revokeText')}</Text>
      {revoke.isError && <ErrorNotice code={revoke.error.code} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onDone}>
          {t('action.cancel')}
        </Button>
        <Button
          color="red"
          loading={revoke.isPending}
          onClick={() => revoke.mutate({ accountId, deviceId: device.deviceId })}
        >
          {t('devices.revoke')}
        </Button>
      </Group>
    </Stack>
  );
}
