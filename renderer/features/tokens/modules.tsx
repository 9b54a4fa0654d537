/** The cards' software: the modules that are looked into, those a person added, and the host's dialog to add one. */
import { ActionIcon, Button } from '@mantine/core';
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
  const again = useCallMutation('tokens.diagnose', refreshed);
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
              {problem?.code === 'module-set-aside' && (
                <Button
                  className={classes.again}
                  variant="default"
                  size="compact-xs"
                  loading={again.isPending}
                  onClick={() => again.mutate({ again: true })}
                >
                  {t('tokens.tryModuleAgain', { name: fileName(path) })}
                </Button>
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
  const add = useCallMutation('tokens.addModule', refreshed, ({ tokenCount }) => {
    if (tokenCount !== undefined) announce(t('tokens.moduleAdded', { count: tokenCount }));
  });
  const code = add.error?.code;
  return (
    <div className={classes.add}>
      <p className={classes.detail}>{t('tokens.addModuleText')}</p>
      <Button variant="default" loading={add.isPending} onClick={() => add.mutate({})}>
        {t('tokens.addModule')}
      </Button>
      {code !== undefined && (
        <p role="alert" className={classes.problem}>
          {t(`${errorKey(code, (key) => i18n.exists(key))}.what`)}
          {'. '}
          {t(`${errorKey(code, (key) => i18n.exists(key))}.next`)}
        </p>
      )}
    </div>
  );
}
