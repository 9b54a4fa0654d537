/** The documents of a transaction on which nobody signs or fills anything: they are there to be read. */
import { useTranslation } from 'react-i18next';
import type { TransactionDocument } from '../../../preload/model.ts';
import classes from './parties.module.css';

interface AttachedProps {
  readonly documents: readonly TransactionDocument[];
  /** The one in the view. */
  readonly shown: string | undefined;
  readonly onDocument: (documentId: string) => void;
}

export function Attached({ documents, shown, onDocument }: AttachedProps) {
  const { t } = useTranslation();
  const attached = documents.filter(({ signatureRequests, forms }) => signatureRequests.length + forms.length === 0);
  if (attached.length === 0) return null;
  return (
    <section aria-label={t('attached.title')}>
      <h2 className={classes.heading}>{t('attached.title')}</h2>
      <ul className={classes.list}>
        {attached.map(({ id, title }) => (
          <li key={id} className={classes.request}>
            <button
              type="button"
              className={classes.open}
              aria-current={id === shown ? 'true' : undefined}
              onClick={() => onDocument(id)}
            >
              {title}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
