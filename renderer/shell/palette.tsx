/** The command palette: everything that can be done now, and the documents whose title or sender fit what is typed. */
import { Modal, TextInput } from '@mantine/core';
import { type KeyboardEvent, useDeferredValue, useEffect, useId, useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '../desk.tsx';
import { SearchIcon } from '../ui/icons.tsx';
import { type Command, useAllCommands } from './commands.tsx';
import { findCommands } from './find-commands.ts';
import { KeyCaps } from './key-caps.tsx';
import { useNavigation } from './navigation.tsx';
import classes from './palette.module.css';

const DOCUMENTS = 6;

/** Documents that fit, as commands that open them. */
function useDocuments(typed: string): Command[] {
  const { t } = useTranslation();
  const { go } = useNavigation();
  const search = useDeferredValue(typed.trim());
  const found = useCall(
    'inbox.list',
    { view: 'all', search, offset: 0, limit: DOCUMENTS },
    { enabled: search.length > 1, keepPrevious: true },
  );
  if (search.length < 2) return [];
  return (found.data?.items ?? []).map((item) => ({
    id: `document ${item.id}`,
    label: item.title,
    group: t('palette.documents'),
    run: () => go({ name: 'document', transactionId: item.id }),
  }));
}

export function Palette({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal
      opened
      onClose={onClose}
      withCloseButton={false}
      padding={0}
      yOffset="12vh"
      centered={false}
      size="34rem"
      title={t('palette.title')}
      classNames={{ header: 'cs-hidden', body: classes.body }}
    >
      <PaletteBody onClose={onClose} />
    </Modal>
  );
}

function PaletteBody({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const [active, setActive] = useState(0);
  const field = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const listId = useId();
  const all = useAllCommands();
  const commands = findCommands(
    all.filter(({ run, inPalette }) => run && inPalette !== false),
    typed,
  );
  const options = [...commands, ...useDocuments(typed)];
  const at = Math.min(active, options.length - 1);
  const optionId = (index: number) => `${listId}-${index}`;

  // Before the next key can come: what is typed right behind the shortcut belongs here.
  useLayoutEffect(() => field.current?.focus(), []);
  useEffect(() => {
    list.current?.querySelector(`[data-option="${at}"]`)?.scrollIntoView({ block: 'nearest' });
  }, [at]);

  function choose(index: number) {
    const command = options[index];
    if (!command) return;
    onClose();
    // After the dialog has given the focus back, so that the command may put it elsewhere.
    requestAnimationFrame(() => command.run?.());
  }
  function onKeyDown(event: KeyboardEvent) {
    const last = options.length - 1;
    const to = { ArrowDown: at >= last ? 0 : at + 1, ArrowUp: at <= 0 ? last : at - 1, Home: 0, End: last }[event.key];
    if (to !== undefined && !(event.key === 'Home' || event.key === 'End' ? typed !== '' : false)) {
      event.preventDefault();
      setActive(to);
    } else if (event.key === 'Enter' && !event.nativeEvent.isComposing) {
      event.preventDefault();
      choose(at);
    }
  }

  return (
    <>
      <TextInput
        ref={field}
        data-autofocus
        size="md"
        variant="unstyled"
        className={classes.field}
        leftSection={<SearchIcon />}
        role="combobox"
        aria-label={t('palette.field')}
        placeholder={t('palette.field')}
        aria-expanded
        aria-controls={listId}
        aria-activedescendant={options.length > 0 ? optionId(at) : undefined}
        aria-autocomplete="list"
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div ref={list} id={listId} role="listbox" aria-label={t('palette.title')} className={classes.list} tabIndex={-1}>
        {options.map((command, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the keyboard
          // biome-ignore lint/a11y/useFocusableInteractive: the field has the focus
          <div
            key={command.id}
            id={optionId(index)}
            role="option"
            aria-selected={index === at}
            data-option={index}
            className={classes.option}
            onMouseMove={() => index !== at && setActive(index)}
            onClick={() => choose(index)}
          >
            <span className={classes.label} data-may-cut>
              {command.label}
            </span>
            <span className={classes.group}>{command.group}</span>
            {command.keys && <KeyCaps keys={command.keys} />}
          </div>
        ))}
      </div>
      {options.length === 0 && <p className={classes.none}>{t('palette.none')}</p>}
    </>
  );
}
