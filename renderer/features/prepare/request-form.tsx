/** What everybody is asked for: which kind of signature, with a timestamp or not; and whether it is a template. */
import { Checkbox } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Choice } from '../../ui/choice.tsx';
import type { Plan } from './plan.ts';

type Asked = Pick<Plan, 'template' | 'profile' | 'withTimestamp'>;

interface RequestFormProps {
  readonly plan: Asked;
  readonly onChange: (values: Partial<Asked>) => void;
}

const templates = ['no', 'own', 'public'] as const;
const profiles = ['PAdES', 'CAdES'] as const;

export function RequestForm({ plan, onChange }: RequestFormProps) {
  const { t } = useTranslation();
  return (
    <>
      <Choice<Plan['template']>
        size="sm"
        label={t('prepare.asTemplate')}
        value={plan.template}
        choices={templates.map((value) => ({ value, label: t(`prepare.asTemplate-${value}`) }))}
        onChange={(template) => onChange({ template })}
      />
      <Choice<Plan['profile']>
        size="sm"
        label={t('prepare.profile')}
        value={plan.profile}
        choices={profiles.map((value) => ({ value, label: t(`prepare.profile-${value}`) }))}
        onChange={(profile) => onChange({ profile })}
      />
      <Checkbox
        label={t('prepare.withTimestamp')}
        checked={plan.withTimestamp}
        onChange={(event) => onChange({ withTimestamp: event.currentTarget.checked })}
      />
    </>
  );
}
