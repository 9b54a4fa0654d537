/** Shows a challenge as a QR code with its countdown, and the device the moment it is there. */
import { Button, Center, Group, Loader, Stack, Text } from '@mantine/core';
import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PairingView } from '../../../preload/model.ts';
import { ask, CallError } from '../../bridge.ts';
import { useBridge, useDeskEvent } from '../../desk.tsx';
import { useAnnounce } from '../../ui/announcer.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { countdown } from './countdown.ts';
import { QrCode } from './qr-code.tsx';

/** Starts a pairing, follows it, and ends it with the component; `renew` starts another. */
function usePairing(accountId: string) {
  const bridge = useBridge();
  const [round, setRound] = useState(0);
  const [pairingId, setPairingId] = useState<string>();
  const [views, setViews] = useState<ReadonlyMap<string, PairingView>>(new Map());
  const [failed, setFailed] = useState<string>();
  useDeskEvent('devices.pairing', (news) => setViews((before) => new Map(before).set(news.pairingId, news.state)));
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new round is a new pairing
  useEffect(() => {
    let gone = false;
    let mine: string | undefined;
    const stop = (id: string) => void ask(bridge, 'devices.stopPairing', { pairingId: id }).catch(() => undefined);
    setFailed(undefined);
    ask(bridge, 'devices.startPairing', { accountId }).then(
      (started) => {
        mine = started.pairingId;
        if (gone) stop(mine);
        else setPairingId(mine);
      },
      (error: unknown) => !gone && setFailed(error instanceof CallError ? error.code : 'internal'),
    );
    return () => {
      gone = true;
      if (mine !== undefined) stop(mine);
    };
  }, [bridge, accountId, round]);
  const renew = useCallback(() => setRound((before) => before + 1), []);
  const view: PairingView = failed
    ? { kind: 'failed', code: failed }
    : ((pairingId === undefined ? undefined : views.get(pairingId)) ?? { kind: 'asking' });
  return { view, renew };
}

function useNow(everyMs: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

export function PairPhone({ accountId, onDone }: { accountId: string; onDone: () => void }) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const { view, renew } = usePairing(accountId);
  const paired = view.kind === 'paired' ? view.device.name : undefined;
  useEffect(() => {
    if (paired !== undefined) announce(t('devices.paired', { name: paired }));
  }, [announce, paired, t]);
  return (
    <Stack gap="md" data-pairing={view.kind}>
      <Progress view={view} />
      <Group justify="flex-end">
        {view.kind !== 'paired' && view.kind !== 'asking' && (
          <Button variant="default" onClick={renew}>
            {t('devices.newCode')}
          </Button>
        )}
        <Button variant={view.kind === 'paired' ? 'filled' : 'default'} onClick={onDone}>
          {t(view.kind === 'paired' ? 'action.done' : 'action.cancel')}
        </Button>
      </Group>
    </Stack>
  );
}

function Progress({ view }: { view: PairingView }) {
  const { t } = useTranslation();
  const now = useNow(1000);
  switch (view.kind) {
    case 'asking':
      return (
        <Center h="16rem">
          <Loader size="sm" aria-label={t('devices.asking')} />
        </Center>
      );
    case 'shown':
      return (
        <>
          <Text size="sm">{t('devices.scanThis')}</Text>
          <QrCode text={view.text} label={t('devices.codeLabel')} />
          <Text size="sm" ta="center" role="timer">
            {t('devices.goodFor', { time: countdown(view.expiresAt, now) })}
          </Text>
          {view.code !== undefined && <ErrorNotice code={view.code} compact />}
        </>
      );
    case 'paired':
      return <Text role="status">{t('devices.paired', { name: view.device.name })}</Text>;
    case 'expired':
    case 'stopped':
      return <Text role="status">{t('devices.expired')}</Text>;
    case 'failed':
      return <ErrorNotice code={view.code} />;
  }
}
