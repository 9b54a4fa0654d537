/**
 * Where the library puts what opens over a screen (menus, lists, hints, dialogs): a region with a name, so that all that can be read
 * is in one; of nothing while it is empty. The library takes the node that carries its own mark.
 */
import { useTranslation } from 'react-i18next';
import classes from './foreground.module.css';

export function Foreground() {
  const { t } = useTranslation();
  return (
    <section
      className={classes.foreground}
      data-portal="true"
      data-mantine-shared-portal-node="true"
      aria-label={t('nav.foreground')}
    />
  );
}
