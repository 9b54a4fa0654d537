/** The marks of one page: where I sign, where others sign, and the fields I fill, typed into where they stand. */
import { useTranslation } from 'react-i18next';
import { boxStyle, type PageMark } from './marks.ts';
import classes from './page-marks.module.css';
import type { Filling } from './use-filling.ts';
import { type Turn, turnBox } from './zoom.ts';

interface PageMarksProps {
  readonly marks: readonly PageMark[];
  readonly turn: Turn;
  /** Without it fields to fill are left out. */
  readonly filling: Filling | undefined;
}

export function PageMarks({ marks, turn, filling }: PageMarksProps) {
  const { t } = useTranslation();
  return marks.map(({ key, box, kind, form }) =>
    kind === 'fill' ? (
      filling && (
        <div key={key} className={classes.field} style={boxStyle(turnBox(box, turn))}>
          <textarea
            className={classes.fill}
            aria-label={form.label || t('fill.field')}
            aria-invalid={filling.missing.has(key)}
            data-field={key}
            placeholder={form.label}
            title={filling.missing.has(key) ? t('fill.required') : form.label}
            required={form.required}
            maxLength={10_000}
            value={filling.values.get(key) ?? form.value}
            onChange={(event) => filling.fill(key, event.currentTarget.value)}
          />
        </div>
      )
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
