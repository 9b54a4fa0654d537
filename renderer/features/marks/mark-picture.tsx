/** A kept mark as a picture. */
import { useTranslation } from 'react-i18next';
import type { SignatureMark } from '../../../preload/model.ts';
import { useCall } from '../../desk.tsx';
import { useImageUrl } from '../../ui/use-image-url.ts';
import classes from './mark-maker.module.css';

export function MarkPicture({ mark }: { mark: SignatureMark }) {
  const { t } = useTranslation();
  const image = useCall('marks.image', { markId: mark.id }).data;
  const url = useImageUrl(image);
  return url ? (
    <img className={classes.image} src={url} alt={t('marks.picture', { label: mark.label })} />
  ) : (
    <span className={classes.image} />
  );
}
