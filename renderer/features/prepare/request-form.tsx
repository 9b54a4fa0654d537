/** What everybody is asked for: which kind of signature, with a timestamp or not; and whether it is a template. */
import { Checkbox, NativeSelect } from '@mantine/core';
import { useTranslation } from 'react-i18next';
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
      <NativeSelect
        label={t('prepare.asTemplate')}
        value={plan.template}
        data={templates.map((value) => ({ value, label: t(`prepare.asTemplate-${value}`) }))}
        onChange={({ currentTarget: { value } }) =>
          onChange({ template: templates.find((each) => each === value) ?? 'no' })
        }
      />
      <NativeSelect
        label={t('prepare.profile')}
        value={plan.profile}
        data={profiles.map((value) => ({ value, label: t(`prepare.profile-${value}`) }))}
        onChange={({ currentTarget: { value } }) =>
          onChange({ profile: profiles.find((each) => each === value) ?? 'PAdES' })
        }
      />
      <Checkbox
        label={t('prepare.withTimestamp')}
        checked={plan.withTimestamp}
        onChange={(event) => onChange({ withTimestamp: event.currentTarget.checked })}
      />
    </>
  );
}
