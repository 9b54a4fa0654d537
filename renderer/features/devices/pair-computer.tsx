/** Takes a challenge that another session shows, says whose it is, and pairs this computer once the person agrees. */
import { Button, FileButton, Group, Stack, Text, TextInput } from '@mantine/core';
import { type ClipboardEvent, type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallName, CallOutput } from '../../../preload/contract.ts';
import { useCallMutation } from '../../desk.tsx';
import { useAnnounce } from '../../ui/announcer.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Camera } from './camera.tsx';
import { readCode } from './read-code.ts';

const refreshed: readonly CallName[] = ['devices.list'];
/** A QR code carries no more (ISO/IEC 18004: 7089 digits). */
const LONGEST_TEXT = 8192;

interface PairComputerProps {
  readonly accountId: string;
  readonly computerName: string;
  readonly onDone: () => void;
}

export function PairComputer({ accountId, computerName, onDone }: PairComputerProps) {
  const [text, setText] = useState<string>();
  const [owner, setOwner] = useState<CallOutput<'devices.readChallenge'>>();
  const read = useCallMutation('devices.readChallenge', [], setOwner);
  const take = (given: string) => {
    setText(given);
    read.mutate({ text: given.slice(0, LONGEST_TEXT), accountId });
  };
  if (owner && text !== undefined) {
    return <Confirm text={text} owner={owner} computerName={computerName} onDone={onDone} />;
  }
  return (
    <Stack gap="sm">
      <Sources onText={take} busy={read.isPending} onAgain={read.reset} />
      {read.isError && <ErrorNotice code={read.error.code} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onDone}>
          <CancelText />
        </Button>
      </Group>
    </Stack>
  );
}

function CancelText() {
  const { t } = useTranslation();
  return <>{t('action.cancel')}</>;
}

interface SourcesProps {
  readonly onText: (text: string) => void;
  readonly onAgain: () => void;
  readonly busy: boolean;
}

/** By pasting a text or a picture, from a picture file, or by camera. */
function Sources({ onText, onAgain, busy }: SourcesProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const [noCode, setNoCode] = useState(false);
  const [camera, setCamera] = useState(false);
  const readPicture = async (picture: Blob | null | undefined) => {
    if (!picture) return;
    onAgain();
    const text = await readCode(picture);
    setNoCode(text === undefined);
    if (text !== undefined) onText(text);
  };
  const onPaste = (event: ClipboardEvent) => {
    const picture = [...event.clipboardData.items].find(
      ({ kind, type }) => kind === 'file' && type.startsWith('image/'),
    );
    if (!picture) return;
    event.preventDefault();
    void readPicture(picture.getAsFile());
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setNoCode(false);
    if (typed.trim() !== '') onText(typed.trim());
  };
  return (
    <form onSubmit={submit} onPaste={onPaste} aria-label={t('devices.pairComputer')}>
      <Stack gap="sm">
        <Text size="sm">{t('devices.howToRead')}</Text>
        <TextInput
          label={t('devices.pasteHere')}
          value={typed}
          maxLength={LONGEST_TEXT}
          autoComplete="off"
          error={noCode && t('devices.noCodeInPicture')}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            setNoCode(false);
            onAgain();
          }}
        />
        {camera && (
          <Camera
            onText={(text) => {
              setCamera(false);
              onText(text);
            }}
          />
        )}
        <Group gap="xs">
          <Button type="submit" loading={busy} disabled={typed.trim() === ''}>
            {t('devices.readText')}
          </Button>
          <FileButton onChange={(file) => void readPicture(file)} accept="image/png,image/jpeg,image/webp,image/bmp">
            {(props) => (
              <Button {...props} variant="default">
                {t('devices.fromPicture')}
              </Button>
            )}
          </FileButton>
          <Button variant="default" aria-pressed={camera} onClick={() => setCamera(!camera)}>
            {t(camera ? 'devices.cameraOff' : 'devices.byCamera')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface ConfirmProps {
  readonly text: string;
  readonly owner: CallOutput<'devices.readChallenge'>;
  readonly computerName: string;
  readonly onDone: () => void;
}

function Confirm({ text, owner, computerName, onDone }: ConfirmProps) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const [name, setName] = useState(computerName);
  const pair = useCallMutation('devices.pairThis', refreshed, ({ device }) => {
    announce(t('devices.paired', { name: device.name }));
    onDone();
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    pair.mutate({ text, name: name.trim(), accountId: owner.accountId });
  };
  return (
    <form onSubmit={submit} aria-label={t('devices.pairComputer')}>
      <Stack gap="sm">
        <Text data-owner={owner.accountId}>{t('devices.whose', { name: owner.userName, host: owner.host })}</Text>
        <TextInput
          label={t('devices.computerName')}
          required
          maxLength={120}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        {pair.isError && <ErrorNotice code={pair.error.code} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onDone}>
            {t('action.cancel')}
          </Button>
          <Button type="submit" loading={pair.isPending} disabled={name.trim() === ''}>
            {t('devices.pairNow')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
