/** Changes settings, and says that it did. */
import { useTranslation } from 'react-i18next';
import { useCallMutation } from '../../desk.tsx';
import { useAnnounce } from '../../ui/announcer.tsx';

export function useChange() {
  const { t } = useTranslation();
  const announce = useAnnounce();
  return useCallMutation('settings.change', ['settings.get'], () => announce(t('settings.saved')));
}
