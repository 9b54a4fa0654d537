/** The marks of one page: where I sign, where others sign, and the fields I fill, typed into where they stand. */
import { useTranslation } from 'react-i18next';
import { boxStyle, type PageMark } from './marks.ts';
import classes from './page-marks.module.css';

interface PageMarksProps {
  readonly marks: readonly PageMark[];
  readonly values: ReadonlyMap<string, string>;
  readonly onFill: (key: string, value: string) => void;
}

export function PageMarks({ marks, values, onFill }: PageMarksProps) {
  const { t } = useTranslation();
  return marks.map(({ key, box, kind, form }) =>
    kind === 'fill' ? (
      <div key={key} className={classes.field} style={boxStyle(box)}>
        <textarea
          className={classes.fill}
          aria-label={form.label || t('fill.field')}
          placeholder={form.label}
          title={form.label}
          required={form.required}
          maxLength={10_000}
          value={values.get(key) ?? form.value}
          onChange={(event) => onFill(key, event.currentTarget.value)}
        />
      </div>
    ) : (
      <div
        key={key}
        className={classes.signature}
        style={boxStyle(box)}
        data-mark={kind}
        data-moved={form.moved}
        role="img"
        aria-label={t(kind === 'my-signature' ? 'document.mySignature' : 'document.otherSignature')}
      >
        <span className={classes.name}>
          {t(kind === 'my-signature' ? 'document.mySignature' : 'document.otherSignature')}
        </span>
      </div>
    ),
  );
}
