/** The picture a service keeps for each of the person's signing identities: shown, taken as a mark, put there from a mark, removed. */
import { Button, Group, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Account, SignatureMark } from '../../../preload/model.ts';
import { ask } from '../../bridge.ts';
import { useBridge, useCall, useCallMutation, useRefresh } from '../../desk.tsx';
import { useAnnounce } from '../../ui/announcer.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { useImageUrl } from '../../ui/use-image-url.ts';
import { codeOf } from '../sign/use-signing.ts';
import { pictureToPng } from './mark-image.ts';
import classes from './mark-maker.module.css';

export function AccountPictures({ account, mark }: { account: Account; mark: SignatureMark | undefined }) {
  const { t } = useTranslation();
  const found = useCall('appearances.identities', { accountId: account.id });
  // A provider that keeps none has nothing to show here.
  if (found.error?.code === 'unsupported' || found.data?.identities.length === 0) return null;
  return (
    <section aria-label={t('marks.atAccount', { name: account.label })}>
      <div className="cs-label">{t('marks.atAccount', { name: account.label })}</div>
      {found.isError ? (
        <ErrorNotice code={found.error.code} compact onRetry={() => void found.refetch()} />
      ) : (
        <ul className={classes.list}>
          {found.data?.identities.map(({ identityId, label }) => (
            <Picture key={identityId} accountId={account.id} identityId={identityId} label={label} mark={mark} />
          ))}
        </ul>
      )}
    </section>
  );
}

interface PictureProps {
  readonly accountId: string;
  readonly identityId: string;
  readonly label: string;
  readonly mark: SignatureMark | undefined;
}

function Picture({ accountId, identityId, label, mark }: PictureProps) {
  const { t } = useTranslation();
  const bridge = useBridge();
  const announce = useAnnounce();
  const refresh = useRefresh();
  const which = { accountId, identityId };
  const kept = useCall('appearances.read', which);
  const remove = useCallMutation('appearances.remove', ['appearances.read'], () => announce(t('marks.removedThere')));
  const [busy, setBusy] = useState<'take' | 'send'>();
  const [failed, setFailed] = useState<string>();
  // A picture that is gone stays the last one known.
  const none = kept.error?.code === 'not-found';
  const url = useImageUrl(none ? undefined : kept.data?.bytes);
  const problem = failed ?? remove.error?.code ?? (none ? undefined : kept.error?.code);

  async function run(what: 'take' | 'send', work: () => Promise<void>) {
    setBusy(what);
    setFailed(undefined);
    try {
      await work();
    } catch (error) {
      setFailed(codeOf(error));
    } finally {
      setBusy(undefined);
    }
  }
  /** Drawn anew: nothing of the service's file is kept but its pixels. */
  const take = () =>
    run('take', async () => {
      const image = kept.data && (await pictureToPng(new Blob([new Uint8Array(kept.data.bytes)])));
      if (!image) return setFailed('mark-unreadable');
      await ask(bridge, 'marks.add', { kind: 'image', label: label.slice(0, 120) || 'mark', image });
      refresh(['marks.list']);
      announce(t('marks.taken'));
    });
  const send = (given: SignatureMark) =>
    run('send', async () => {
      const image = await ask(bridge, 'marks.image', { markId: given.id });
      await ask(bridge, 'appearances.write', { ...which, name: 'mark.png', bytes: new Uint8Array(image) });
      refresh(['appearances.read']);
      announce(t('marks.sent'));
    });

  return (
    <li className={classes.mark} data-identity={identityId}>
      {url ? (
        <img className={classes.image} src={url} alt={t('marks.picture', { label })} />
      ) : (
        <Text size="sm" c="dimmed" className={classes.image} aria-busy={kept.isPending}>
          {none ? t('marks.noneThere') : ''}
        </Text>
      )}
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {label}
      </Text>
      <Group gap="xs">
        {url && (
          <>
            <Button variant="default" size="compact-xs" loading={busy === 'take'} onClick={() => void take()}>
              {t('marks.take')}
            </Button>
            <Button
              variant="subtle"
              size="compact-xs"
              color="red"
              loading={remove.isPending}
              onClick={() => remove.mutate(which)}
            >
              {t('marks.removeThere')}
            </Button>
          </>
        )}
        {mark && (
          <Button variant="default" size="compact-xs" loading={busy === 'send'} onClick={() => void send(mark)}>
            {t('marks.send', { label: mark.label })}
          </Button>
        )}
      </Group>
      {problem !== undefined && <ErrorNotice code={problem} compact />}
    </li>
  );
}
