/** The marks of one page: where I sign, where others sign, and the fields I fill, typed into where they stand. */
import { useTranslation } from 'react-i18next';
import { boxStyle, type PageMark } from './marks.ts';
import classes from './page-marks.module.css';
import { type Turn, turnBox } from './zoom.ts';

interface PageMarksProps {
  readonly marks: readonly PageMark[];
  readonly turn: Turn;
  readonly values: ReadonlyMap<string, string>;
  /** Required fields that were still empty when they were to be sent. */
  readonly missing: ReadonlySet<string>;
  readonly onFill: (key: string, value: string) => void;
}

export function PageMarks({ marks, turn, values, missing, onFill }: PageMarksProps) {
  const { t } = useTranslation();
  return marks.map(({ key, box, kind, form }) =>
    kind === 'fill' ? (
      <div key={key} className={classes.field} style={boxStyle(turnBox(box, turn))}>
        <textarea
          className={classes.fill}
          aria-label={form.label || t('fill.field')}
          aria-invalid={missing.has(key)}
          data-field={key}
          placeholder={form.label}
          title={missing.has(key) ? t('fill.required') : form.label}
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
        style={boxStyle(turnBox(box, turn))}
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
