/** My mark as it will be: the preferred image, and the name of the identity that would sign now; without a card, the account's. */
import { useTranslation } from 'react-i18next';
import { useCall } from '../../desk.tsx';
import { MarkPreview } from './mark-preview.tsx';
import { chooseSigner, usePickedIdentity } from './picked-identity.tsx';

export function MyMark() {
  const { t } = useTranslation();
  const marks = useCall('marks.list', {});
  const tokens = useCall('tokens.list', {});
  const accounts = useCall('accounts.list', {});
  const { picked } = usePickedIdentity();
  const preferred = marks.data?.find((mark) => mark.preferred);
  const image = useCall('marks.image', { markId: preferred?.id ?? '-' }, { enabled: preferred !== undefined });
  const name = chooseSigner(tokens.data, picked)?.identity.commonName ?? accounts.data?.[0]?.userName;
  return <MarkPreview image={preferred && image.data} signerName={name ?? t('sign.yourName')} reason="" />;
}
