/** A person's name and address; people of the organisation are offered as one types. */
import { Autocomplete, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { PreparedPerson } from '../../../preload/model.ts';
import { useCall } from '../../desk.tsx';

interface PersonFieldProps {
  readonly accountId: string;
  readonly name: string;
  readonly email: string;
  readonly required?: boolean;
  /** Of a group's people: who is meant, for screen readers. */
  readonly about: string;
  readonly onPerson: (person: { name: string; email: string; userId: string | undefined }) => void;
}

/** Fewer letters find half the organisation. */
const LEAST_LETTERS = 2;

export function usePeople(accountId: string, search: string): readonly PreparedPerson[] {
  const wanted = search.trim();
  const input = { accountId, search: wanted };
  const found = useCall('prepare.people', input, { enabled: wanted.length >= LEAST_LETTERS, keepPrevious: true });
  return found.data?.people ?? [];
}

export function PersonField({ accountId, name, email, required = true, about, onPerson }: PersonFieldProps) {
  const { t } = useTranslation();
  const people = usePeople(accountId, email);
  const pick = (address: string) => {
    const person = people.find((each) => each.email === address);
    onPerson(person ? { ...person } : { name, email: address, userId: undefined });
  };
  return (
    <>
      <Autocomplete
        label={t('prepare.email')}
        aria-label={`${about}: ${t('prepare.email')}`}
        required={required}
        data={[...new Set(people.map((each) => each.email))]}
        filter={({ options }) => options}
        renderOption={({ option }) => {
          const person = people.find((each) => each.email === option.value);
          return `${person?.name ?? ''} · ${option.value}`;
        }}
        value={email}
        onChange={pick}
      />
      <TextInput
        label={t('prepare.name')}
        aria-label={`${about}: ${t('prepare.name')}`}
        value={name}
        onChange={(event) => onPerson({ name: event.currentTarget.value, email, userId: undefined })}
      />
    </>
  );
}
