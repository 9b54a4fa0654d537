/** My mark as it will be, before a card is chosen: the preferred image, and the name of an identity at hand. */
import { useTranslation } from 'react-i18next';
import { useCall } from '../../desk.tsx';
import { MarkPreview } from './mark-preview.tsx';

export function MyMark() {
  const { t } = useTranslation();
  const marks = useCall('marks.list', {});
  const tokens = useCall('tokens.list', {});
  const preferred = marks.data?.find((mark) => mark.preferred);
  const image = useCall('marks.image', { markId: preferred?.id ?? '-' }, { enabled: preferred !== undefined });
  const identity = tokens.data?.tokens
    .flatMap(({ identities }) => identities)
    .find(({ disabledReason }) => disabledReason === undefined);
  return (
    <MarkPreview image={preferred && image.data} signerName={identity?.commonName ?? t('sign.yourName')} reason="" />
  );
}
