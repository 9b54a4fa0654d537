/** What is said of a transaction beside its documents: title, tags, expiry, urgency, who is informed. */
import { Checkbox, MultiSelect, TagsInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PreparedPerson } from '../../../preload/model.ts';
import { usePeople } from './person-field.tsx';
import type { Plan } from './plan.ts';

export type About = Pick<Plan, 'title' | 'tags' | 'urgent' | 'expires' | 'cc'>;

interface AboutFormProps {
  readonly accountId: string;
  readonly about: About;
  readonly onChange: (values: Partial<About>) => void;
}

/** Those chosen stay on offer while others are looked for. */
function useChoices(accountId: string, search: string, chosen: readonly PreparedPerson[]): readonly PreparedPerson[] {
  const found = usePeople(accountId, search);
  const more = found.filter(({ userId }) => !chosen.some((each) => each.userId === userId));
  return [...chosen, ...more];
}

export function AboutForm({ accountId, about, onChange }: AboutFormProps) {
  const { t } = useTranslation();
  const [search, setSearch] = useState('');
  const choices = useChoices(accountId, search, about.cc);
  return (
    <>
      <TextInput
        label={t('prepare.title')}
        required
        maxLength={500}
        value={about.title}
        onChange={(event) => onChange({ title: event.currentTarget.value })}
      />
      <TagsInput label={t('prepare.tags')} value={[...about.tags]} onChange={(tags) => onChange({ tags })} />
      <TextInput
        type="date"
        label={t('prepare.expires')}
        value={about.expires}
        onChange={(event) => onChange({ expires: event.currentTarget.value })}
      />
      <MultiSelect
        label={t('prepare.cc')}
        searchable
        searchValue={search}
        onSearchChange={setSearch}
        data={choices.map(({ userId, name, email }) => ({ value: userId, label: name === '' ? email : name }))}
        value={about.cc.map(({ userId }) => userId)}
        onChange={(ids) => onChange({ cc: choices.filter(({ userId }) => ids.includes(userId)) })}
      />
      <Checkbox
        label={t('prepare.urgent')}
        checked={about.urgent}
        onChange={(event) => onChange({ urgent: event.currentTarget.checked })}
      />
    </>
  );
}
