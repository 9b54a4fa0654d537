/** The field of a card's PIN, with what is left of its tries. */
import { TextInput } from '@mantine/core';
import { type FocusEvent, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { TokenView } from '../../../preload/model.ts';
import { triesLeft } from './pin.ts';
import classes from './sign-form.module.css';

interface PinFieldProps {
  readonly token: TokenView;
  readonly field: React.RefObject<HTMLInputElement | null>;
}

export function PinField({ token, field }: PinFieldProps) {
  const { t } = useTranslation();
  const left = triesLeft(token.pin);
  // A PIN does not stay in a field that is left for something else than signing with it, nor in a window put away.
  const forget = (event: FocusEvent<HTMLInputElement>) => {
    const next = event.relatedTarget;
    if (next instanceof HTMLElement && event.currentTarget.form?.contains(next)) return;
    event.currentTarget.value = '';
  };
  useEffect(() => {
    const input = field.current;
    return () => {
      if (input) input.value = '';
    };
  }, [field]);
  return (
    <TextInput
      ref={field}
      type="password"
      required
      autoComplete="off"
      spellCheck={false}
      label={t('sign.pin')}
      className={classes.pin}
      description={
        left === 'one' || left === 'few' ? (
          <span className={classes.few}>{t(`sign.tries-${left}`)}</span>
        ) : (
          t('sign.pinText')
        )
      }
      onBlur={forget}
    />
  );
}
