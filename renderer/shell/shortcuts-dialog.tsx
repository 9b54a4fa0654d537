/** The overlay of keyboard shortcuts: every key that does something on the screen behind it. */
import { Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useAllCommands } from './commands.tsx';
import { KeyCaps } from './key-caps.tsx';
import classes from './shortcuts-dialog.module.css';

export function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const groups = Object.entries(
    Object.groupBy(
      useAllCommands().filter(({ keys }) => keys !== undefined),
      ({ group }) => group,
    ),
  );
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('shortcuts.title')}
      size="44rem"
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <div className={classes.groups}>
        {groups.map(([group, commands]) => (
          <section key={group} aria-label={group} className={classes.group}>
            <h3 className={classes.name}>{group}</h3>
            <dl className={classes.keys}>
              {Object.entries(Object.groupBy(commands ?? [], ({ label }) => label)).map(([label, same]) => (
                <div key={label} className={classes.row}>
                  <dt>{label}</dt>
                  {same?.map(({ id, keys }) => (
                    <dd key={id}>{keys && <KeyCaps keys={keys} />}</dd>
                  ))}
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  );
}
