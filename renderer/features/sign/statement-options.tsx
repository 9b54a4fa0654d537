/** What is stated in the signature itself: folded away, for those whose readers ask for it. */
import { Text, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { COMMITMENTS } from '../../../preload/plain.ts';
import { Choice } from '../../ui/choice.tsx';
import classes from './options-form.module.css';
import { readStatements, type StatementFields } from './statement-fields.ts';

interface StatementOptionsProps {
  readonly fields: StatementFields;
  /** In a PDF a commitment or a policy takes the reason's place. */
  readonly isPdf: boolean;
  readonly onChange: (fields: StatementFields) => void;
}

export function StatementOptions({ fields, isPdf, onChange }: StatementOptionsProps) {
  const { t } = useTranslation();
  const read = readStatements(fields);
  const problem = read.ok ? undefined : read.problem;
  const { commitment } = fields;
  const field = (name: Exclude<keyof StatementFields, 'commitment'>, maxLength: number) => (
    <TextInput
      size="xs"
      label={t(`stated.${name}`)}
      value={fields[name]}
      maxLength={maxLength}
      error={problem === name ? t(`stated.wrong-${name}`) : undefined}
      onChange={(event) => onChange({ ...fields, [name]: event.currentTarget.value })}
    />
  );
  return (
    <details className={classes.more}>
      <summary className={classes.summary}>
        {t('stated.title')}
        <span className={classes.chosen}>
          {commitment === undefined ? t('stated.none') : t(`stated.commitment-${commitment}`)}
        </span>
      </summary>
      <div className={classes.fields}>
        <Choice
          label={t('stated.commitment')}
          value={commitment}
          choices={[
            { value: undefined, label: t('stated.none') },
            ...COMMITMENTS.map((each) => ({ value: each, label: t(`stated.commitment-${each}`) })),
          ]}
          onChange={(chosen) => onChange({ ...fields, commitment: chosen })}
        />
        {field('country', 2)}
        {field('locality', 200)}
        {field('policyId', 128)}
        {field('policyHash', 200)}
        {field('policyUri', 2048)}
        {isPdf && (
          <Text size="xs" c="dimmed" style={{ gridColumn: '1 / -1' }}>
            {t('stated.reasonText')}
          </Text>
        )}
      </div>
    </details>
  );
}
