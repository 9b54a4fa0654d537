/** The marks in the settings: which one signatures get, a new one, and away with one. */
import { ActionIcon, Button, Modal, Radio, Text, Tooltip } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall, useCallMutation } from '../../desk.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { MinusIcon } from '../../ui/icons.tsx';
import { Section } from '../settings/section.tsx';
import { AccountPictures } from './account-pictures.tsx';
import classes from './mark-maker.module.css';
import { MarkMaker } from './mark-maker.tsx';
import { MarkPicture } from './mark-picture.tsx';

export function MarksSection() {
  const { t } = useTranslation();
  const marks = useCall('marks.list', {});
  const accounts = useCall('accounts.list', {}).data ?? [];
  const name = accounts[0]?.userName;
  const prefer = useCallMutation('marks.prefer', ['marks.list']);
  const remove = useCallMutation('marks.remove', ['marks.list']);
  const [making, setMaking] = useState(false);
  const failed = marks.error ?? prefer.error ?? remove.error;
  const none = !marks.data?.some(({ preferred }) => preferred);
  return (
    <Section title={t('marks.title')} text={t('marks.sectionText')}>
      {marks.data?.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('marks.none')}
        </Text>
      )}
      {marks.data && marks.data.length > 0 && (
        <>
          <ul className={classes.list}>
            {marks.data.map((mark) => (
              <li key={mark.id} className={classes.mark}>
                <MarkPicture mark={mark} />
                <div className={classes.tools}>
                  <Radio
                    size="xs"
                    name="preferred-mark"
                    label={mark.label}
                    checked={mark.preferred}
                    onChange={() => prefer.mutate({ markId: mark.id })}
                  />
                  <Tooltip label={t('account.remove', { name: mark.label })}>
                    <ActionIcon
                      variant="subtle"
                      aria-label={t('account.remove', { name: mark.label })}
                      onClick={() => remove.mutate({ markId: mark.id })}
                    >
                      <MinusIcon />
                    </ActionIcon>
                  </Tooltip>
                </div>
              </li>
            ))}
          </ul>
          <Radio
            size="xs"
            name="preferred-mark"
            label={t('marks.noPreferred')}
            checked={none}
            onChange={() => prefer.mutate({})}
          />
        </>
      )}
      {failed && <ErrorNotice code={failed.code} compact />}
      <div>
        <Button variant="default" onClick={() => setMaking(true)}>
          {t('marks.new')}
        </Button>
      </div>
      {accounts
        .filter(({ state }) => state === 'signed-in')
        .map((account) => (
          <AccountPictures key={account.id} account={account} mark={marks.data?.find(({ preferred }) => preferred)} />
        ))}
      <Modal
        opened={making}
        onClose={() => setMaking(false)}
        title={t('marks.new')}
        size="lg"
        closeButtonProps={{ 'aria-label': t('action.close') }}
      >
        <MarkMaker {...(name === undefined ? {} : { name })} onMade={() => setMaking(false)} />
      </Modal>
    </Section>
  );
}
