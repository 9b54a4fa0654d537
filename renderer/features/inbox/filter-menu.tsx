/** What narrows the list besides its view, and how dense it is. */
import { ActionIcon, Button, Checkbox, Divider, Popover, Stack, Switch, Tooltip } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { InboxView, TransactionStatus } from '../../../preload/model.ts';
import { useCall, useCallMutation } from '../../desk.tsx';
import { FilterIcon } from '../../ui/icons.tsx';
import classes from './filter-menu.module.css';
import { clearFilters, filterCount, type InboxState, onlyUrgent, toggleStatus, toggleTag } from './inbox-state.ts';

/** The statuses a view mixes; the others have one each. */
const mixed: Readonly<Partial<Record<InboxView, readonly TransactionStatus[]>>> = {
  'to-do': ['to-fill', 'to-sign'],
  declined: ['declined', 'expired'],
  all: ['draft', 'to-fill', 'to-sign', 'waiting', 'signed', 'declined', 'expired', 'error'],
};

interface FilterMenuProps {
  readonly state: InboxState;
  readonly onChange: (state: InboxState) => void;
}

export function FilterMenu({ state, onChange }: FilterMenuProps) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState(false);
  const compact = useCall('settings.get', {}).data?.compactList ?? false;
  const change = useCallMutation('settings.change', ['settings.get']);
  const count = filterCount(state);
  const statuses = mixed[state.view] ?? [];
  const name = count === 0 ? t('filter.title') : t('filter.titleCount', { count });
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" width={248} trapFocus returnFocus shadow="md">
      <Popover.Target>
        <Tooltip label={name} disabled={opened}>
          <ActionIcon
            size="md"
            variant={count > 0 ? 'light' : 'subtle'}
            aria-label={name}
            onClick={() => setOpened(!opened)}
          >
            <FilterIcon />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('filter.title')}>
        <Stack gap="xs">
          <Checkbox
            size="xs"
            label={t('filter.urgent')}
            checked={state.urgentOnly}
            onChange={(event) => onChange(onlyUrgent(state, event.currentTarget.checked))}
          />
          {statuses.length > 0 && (
            <fieldset className={classes.statuses}>
              <legend>{t('inbox.columnStatus')}</legend>
              <Stack gap={8}>
                {statuses.map((status) => (
                  <Checkbox
                    key={status}
                    size="xs"
                    label={t(`status.${status}`)}
                    checked={state.statuses.includes(status)}
                    onChange={() => onChange(toggleStatus(state, status))}
                  />
                ))}
              </Stack>
            </fieldset>
          )}
          {state.tags.length > 0 && (
            <fieldset className={classes.statuses}>
              <legend>{t('inbox.tags')}</legend>
              <Stack gap={8}>
                {state.tags.map((tag) => (
                  <Checkbox key={tag} size="xs" label={tag} checked onChange={() => onChange(toggleTag(state, tag))} />
                ))}
              </Stack>
            </fieldset>
          )}
          {count > 0 && (
            <Button variant="subtle" size="compact-xs" onClick={() => onChange(clearFilters(state))}>
              {t('filter.clear')}
            </Button>
          )}
          <Divider />
          <Switch
            size="xs"
            label={t('filter.compact')}
            checked={compact}
            onChange={(event) => change.mutate({ compactList: event.currentTarget.checked })}
          />
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
