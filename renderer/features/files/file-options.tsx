/** What may be chosen for files of one's own beside card and mark: the kind of signature, certification, an empty field, a rewrite. */
import { Checkbox } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { FileInspection, FileView } from '../../../preload/model.ts';
import { Choice } from '../../ui/choice.tsx';
import classes from '../sign/options-form.module.css';
import { type StatementFields, statedIn } from '../sign/statement-fields.ts';
import { StatementOptions } from '../sign/statement-options.tsx';
import type { FileOrder } from '../sign/use-signing.ts';

const formats = ['pdf', 'attached', 'detached'] as const;
type Format = (typeof formats)[number];
const levels = [1, 2, 3] as const;

export interface FileChoice {
  /** A signature in the PDF (PAdES), or a signed message around or beside the file (CAdES). */
  readonly format: Format;
  readonly certify: FileOrder['certify'];
  /** An empty field to sign in; undefined: a new one. */
  readonly fieldName: string | undefined;
  /** Damaged files are written anew, then signed. */
  readonly rewrite: boolean;
  /** As typed. */
  readonly stated: StatementFields;
}

export interface Inspected {
  readonly file: FileView;
  /** Why a message cannot have one more signature. */
  readonly unfit?: 'content-missing' | 'bad-cms' | undefined;
  /** Undefined till it is there, and where the file cannot be read. */
  readonly found: FileInspection | undefined;
}

/** A signed message whose name says so has one more signature put into it; another is none of ours to sign. */
export const isMessage = ({ kind, name }: FileView): boolean => kind === 'cms' && /\.p7[ms]$/i.test(name);

/** Why the file is not signed with this choice; undefined where it is. */
export function leftOut(
  { file, found, unfit }: Inspected,
  { format, rewrite }: FileChoice,
): NonNullable<FileInspection['blocked'] | Inspected['unfit']> | 'not-pdf' | undefined {
  if (format !== 'pdf') return unfit;
  if (file.kind !== 'pdf') return 'not-pdf';
  return rewrite && found?.mayRewrite ? undefined : found?.blocked;
}

/** The call's part of the choice: what the format has no use for is left out. */
export function orderOf(choice: FileChoice): Pick<FileOrder, 'certify' | 'cades' | 'rewrite' | 'statements'> {
  const { format, certify, rewrite } = choice;
  const statements = statedIn(choice.stated);
  if (format !== 'pdf') return { cades: format, ...statements };
  return { ...(certify === undefined ? {} : { certify }), ...(rewrite ? { rewrite } : {}), ...statements };
}

interface FileOptionsProps {
  readonly files: readonly Inspected[];
  readonly choice: FileChoice;
  readonly onChange: (choice: FileChoice) => void;
}

export function FileOptions({ files, choice, onChange }: FileOptionsProps) {
  const { t } = useTranslation();
  const [only] = files;
  const emptyFields = files.length === 1 ? (only?.found?.emptyFields ?? []) : [];
  const isSigned = files.some(({ found }) => (found?.signatures.length ?? 0) > 0);
  const isPdf = choice.format === 'pdf';
  return (
    <>
      {isPdf && files.some(({ found }) => found?.mayRewrite) && (
        <Checkbox
          size="sm"
          label={t('files.rewrite')}
          description={t('files.rewriteText')}
          checked={choice.rewrite}
          onChange={(event) => onChange({ ...choice, rewrite: event.currentTarget.checked })}
        />
      )}
      {!files.every(({ file }) => isMessage(file)) && (
        <details className={classes.more}>
          <summary className={classes.summary}>
            {t('files.kind')}
            <span className={classes.chosen}>
              {[
                t(`files.format-${choice.format}`),
                ...(isPdf && choice.certify !== undefined ? [t(`files.certify-${choice.certify}`)] : []),
              ].join(' · ')}
            </span>
          </summary>
          <div className={classes.fields}>
            <Choice
              label={t('files.format')}
              value={choice.format}
              choices={formats.map((format) => ({ value: format, label: t(`files.format-${format}`) }))}
              onChange={(format) => onChange({ ...choice, format })}
            />
            <Choice
              label={t('files.certify')}
              description={isSigned ? t('files.certifySigned') : undefined}
              disabled={!isPdf || isSigned}
              value={choice.certify}
              choices={[
                { value: undefined, label: t('files.certifyNone') },
                ...levels.map((level) => ({ value: level, label: t(`files.certify-${level}`) })),
              ]}
              onChange={(certify) => onChange({ ...choice, certify })}
            />
            {isPdf && emptyFields.length > 0 && (
              <Choice
                label={t('files.field')}
                value={choice.fieldName}
                choices={[
                  { value: undefined, label: t('files.fieldNew') },
                  ...emptyFields.map(({ name }) => ({ value: name, label: name })),
                ]}
                onChange={(fieldName) => onChange({ ...choice, fieldName })}
              />
            )}
          </div>
        </details>
      )}
      <StatementOptions fields={choice.stated} isPdf={isPdf} onChange={(stated) => onChange({ ...choice, stated })} />
    </>
  );
}
