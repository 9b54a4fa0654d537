/** What the visible mark will look like: the image, then who, why and when, as the desk writes it. */
import { useImageUrl } from '../../ui/use-image-url.ts';
import classes from './mark-preview.module.css';

interface MarkPreviewProps {
  /** PNG or JPEG. */
  readonly image: Uint8Array | undefined;
  readonly signerName: string;
  readonly reason: string;
}

export function MarkPreview({ image, signerName, reason }: MarkPreviewProps) {
  const url = useImageUrl(image);
  const when = `${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return (
    <span className={classes.mark} aria-hidden="true">
      {url !== undefined && <img className={classes.image} src={url} alt="" />}
      {/* The document's language is not the window's: these are the words the desk writes. */}
      <span className={classes.lines} lang="en">
        <span>Signed by {signerName}</span>
        {reason !== '' && <span>{reason}</span>}
        <span>{when}</span>
      </span>
    </span>
  );
}
