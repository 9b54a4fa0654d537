/** A kept mark as a picture. */
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SignatureMark } from '../../../preload/model.ts';
import { useCall } from '../../desk.tsx';
import classes from './mark-maker.module.css';

export function MarkPicture({ mark }: { mark: SignatureMark }) {
  const { t } = useTranslation();
  const image = useCall('marks.image', { markId: mark.id }).data;
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    if (!image) return;
    const made = URL.createObjectURL(new Blob([new Uint8Array(image)]));
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [image]);
  return url ? (
    <img className={classes.image} src={url} alt={t('marks.picture', { label: mark.label })} />
  ) : (
    <span className={classes.image} />
  );
}
