/** One of a few: the system's own list, by values of the program's own. */
import { NativeSelect, type NativeSelectProps } from '@mantine/core';

interface ChoiceProps<T extends string | number | undefined>
  extends Omit<NativeSelectProps, 'value' | 'data' | 'onChange'> {
  readonly value: T;
  readonly choices: readonly { readonly value: T; readonly label: string; readonly disabled?: boolean }[];
  readonly onChange: (value: T) => void;
}

const textOf = (value: string | number | undefined) => (value === undefined ? '' : String(value));

export function Choice<T extends string | number | undefined>({ value, choices, onChange, ...more }: ChoiceProps<T>) {
  return (
    <NativeSelect
      size="xs"
      value={textOf(value)}
      data={choices.map((choice) => ({ ...choice, value: textOf(choice.value) }))}
      onChange={(event) => {
        const chosen = choices.find((choice) => textOf(choice.value) === event.currentTarget.value);
        if (chosen) onChange(chosen.value);
      }}
      {...more}
    />
  );
}
