/** What a page shows that no host has given a bridge: it is not the app. */
import { useTranslation } from 'react-i18next';
import { EmptyNotice } from './empty-notice.tsx';

export function NoDesk() {
  const { t } = useTranslation();
  return <EmptyNotice title={t('noDesk.title')} text={t('noDesk.text')} />;
}
