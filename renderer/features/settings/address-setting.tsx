/** A setting that is an address, or none: typed, then applied. */
import { Button, Group, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';

interface AddressSettingProps {
  readonly label: string;
  readonly description?: string;
  readonly placeholder: string;
  readonly value: string;
  /** @param address null where the field was emptied */
  readonly onApply: (address: string | null) => void;
}

export function AddressSetting({ label, description, placeholder, value, onApply }: AddressSettingProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(value);
  const address = typed.trim();

  function apply(event: FormEvent) {
    event.preventDefault();
    onApply(address === '' ? null : address);
  }

  return (
    <form onSubmit={apply}>
      <Group align="flex-end" gap="xs" wrap="nowrap">
        <TextInput
          flex={1}
          inputMode="url"
          placeholder={placeholder}
          label={label}
          description={description}
          value={typed}
          maxLength={2048}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" disabled={address === value}>
          {t('settings.apply')}
        </Button>
      </Group>
    </form>
  );
}
