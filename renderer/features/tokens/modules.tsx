/** The cards' software: the modules that are looked into, those a person added, and a field to add one. */
import { ActionIcon, Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallName, CallOutput } from '../../../preload/contract.ts';
import { useCallMutation } from '../../desk.tsx';
import { useAnnounce } from '../../ui/announcer.tsx';
import { errorKey } from '../../ui/error-key.ts';
import { MinusIcon } from '../../ui/icons.tsx';
import { fileName } from './finding.ts';
import classes from './side-list.module.css';

interface ModulesProps {
  readonly modules: CallOutput<'tokens.diagnose'>['modules'];
  readonly problems: CallOutput<'tokens.diagnose'>['problems'];
}

const refreshed: readonly CallName[] = ['tokens.diagnose', 'tokens.list', 'settings.get'];

export function Modules({ modules, problems }: ModulesProps) {
  const { t, i18n } = useTranslation();
  const remove = useCallMutation('tokens.removeModule', refreshed);
  return (
    <section aria-label={t('tokens.modules')}>
      <h2 className={classes.title}>{t('tokens.modules')}</h2>
      {modules.length === 0 && <p className={classes.detail}>{t('tokens.noModules')}</p>}
      <ul className={classes.list}>
        {modules.map(({ path, source, vendor }) => {
          const problem = problems.find(({ modulePath }) => modulePath === path);
          return (
            <li key={path} className={classes.row} data-module={path}>
              <span className={classes.name} title={path}>
                {vendor ?? fileName(path)}
              </span>
              {vendor !== undefined && <span className={classes.detail}>{fileName(path)}</span>}
              {problem && (
                <span className={classes.problem}>
                  {t(`${errorKey(problem.code, (key) => i18n.exists(key))}.what`)}
                </span>
              )}
              {source === 'user' && (
                <ActionIcon
                  className={classes.remove}
                  variant="subtle"
                  aria-label={t('tokens.removeModule', { name: fileName(path) })}
                  loading={remove.isPending && remove.variables.path === path}
                  onClick={() => remove.mutate({ path })}
                >
                  <MinusIcon />
                </ActionIcon>
              )}
            </li>
          );
        })}
      </ul>
      <AddModule />
    </section>
  );
}

function AddModule() {
  const { t, i18n } = useTranslation();
  const announce = useAnnounce();
  const [path, setPath] = useState('');
  const add = useCallMutation('tokens.addModule', refreshed, ({ tokenCount }) => {
    setPath('');
    announce(t('tokens.moduleAdded', { count: tokenCount }));
  });
  const code = add.error?.code;
  const problem =
    code === undefined
      ? undefined
      : code === 'bad-request'
        ? t('tokens.modulePathAbsolute')
        : t(`${errorKey(code, (key) => i18n.exists(key))}.what`);
  return (
    <form
      className={classes.add}
      onSubmit={(event) => {
        event.preventDefault();
        if (path.trim() !== '') add.mutate({ path: path.trim() });
      }}
    >
      <TextInput
        size="xs"
        label={t('tokens.modulePath')}
        value={path}
        maxLength={4096}
        error={problem}
        onChange={(event) => {
          setPath(event.currentTarget.value);
          add.reset();
        }}
      />
      <Button type="submit" variant="default" loading={add.isPending} disabled={path.trim() === ''}>
        {t('tokens.addModule')}
      </Button>
    </form>
  );
}
