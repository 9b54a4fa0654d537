/** Timestamp authorities (RFC 3161): asked in this order, the next where one does not answer. */
import { ActionIcon, Button, Group, Text, TextInput, Tooltip } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AuthorityAccessView, SettingsView } from '../../../preload/model.ts';
import { useCall, useRefresh } from '../../desk.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { DownIcon, KeyIcon, MinusIcon, UpIcon } from '../../ui/icons.tsx';
import { moved, readAuthority } from './authorities.ts';
import { AuthorityAccess } from './authority-access.tsx';
import { Section } from './section.tsx';
import classes from './timestamp-section.module.css';
import { useChange } from './use-change.ts';

export function TimestampSection({ settings }: { settings: SettingsView }) {
  const { t } = useTranslation();
  const change = useChange();
  const [typed, setTyped] = useState('');
  const [problem, setProblem] = useState<'malformed' | 'known'>();
  const urls = settings.timestampAuthorities;
  const access = useCall('authorities.list', {});
  const accessOf = (url: string): AuthorityAccessView =>
    access.data?.find((each) => each.url === url) ?? { url, access: 'none' };
  const refresh = useRefresh();
  const [editing, setEditing] = useState<string>();
  const set = (timestampAuthorities: readonly string[], then?: () => void) =>
    change.mutate(
      { timestampAuthorities: [...timestampAuthorities] },
      {
        onSuccess: () => {
          refresh(['authorities.list']);
          then?.();
        },
      },
    );

  function add(event: FormEvent) {
    event.preventDefault();
    const read = readAuthority(typed, urls);
    setProblem(read.ok ? undefined : read.problem);
    if (read.ok) set([...urls, read.url], () => setTyped(''));
  }

  return (
    <Section title={t('settings.timestamps')} text={t('settings.timestampsText')}>
      {urls.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('settings.noAuthority')}
        </Text>
      ) : (
        <ol className={classes.list}>
          {urls.map((url, i) => (
            <li key={url} className={classes.authority}>
              <span className={classes.url}>
                {url}
                <AccessNote known={accessOf(url)} />
              </span>
              <Tool label={t('access.change', { url })} onClick={() => setEditing(url)} Icon={KeyIcon} />
              <Tool
                label={t('settings.earlier', { url })}
                disabled={i === 0}
                onClick={() => set(moved(urls, i, i - 1))}
                Icon={UpIcon}
              />
              <Tool
                label={t('settings.later', { url })}
                disabled={i === urls.length - 1}
                onClick={() => set(moved(urls, i, i + 1))}
                Icon={DownIcon}
              />
              <Tool
                label={t('account.remove', { name: url })}
                onClick={() => set(urls.filter((each) => each !== url))}
                Icon={MinusIcon}
              />
            </li>
          ))}
        </ol>
      )}
      <form onSubmit={add}>
        <Group align="flex-start" gap="xs" wrap="nowrap">
          <TextInput
            flex={1}
            inputMode="url"
            placeholder="https://"
            label={t('settings.addAuthority')}
            value={typed}
            maxLength={2048}
            onChange={(event) => setTyped(event.currentTarget.value)}
            error={problem && t(problem === 'known' ? 'settings.authorityKnown' : 'account.address-malformed')}
          />
          <Button type="submit" variant="default" mt={23} disabled={typed.trim() === ''}>
            {t('settings.add')}
          </Button>
        </Group>
      </form>
      {editing !== undefined && <AuthorityAccess known={accessOf(editing)} onClose={() => setEditing(undefined)} />}
      {change.isError && <ErrorNotice code={change.error.code} compact />}
    </Section>
  );
}

function AccessNote({ known }: { known: AuthorityAccessView }) {
  const { t } = useTranslation();
  if (known.access === 'none') return null;
  return (
    <Text size="xs" c="dimmed">
      {known.access === 'password'
        ? t('access.asUser', { user: known.user })
        : t('access.showsFile', { name: known.fileName })}
    </Text>
  );
}

interface ToolProps {
  readonly label: string;
  readonly disabled?: boolean;
  readonly onClick: () => void;
  readonly Icon: () => React.ReactNode;
}

function Tool({ label, disabled = false, onClick, Icon }: ToolProps) {
  return (
    <Tooltip label={label} disabled={disabled}>
      <ActionIcon variant="subtle" aria-label={label} disabled={disabled} onClick={onClick}>
        <Icon />
      </ActionIcon>
    </Tooltip>
  );
}
