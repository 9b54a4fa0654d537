/** Goes on with a batch whose card was pulled, or whose PIN was wrong: the same card, and its PIN once more. */
import { Button, Group, Text } from '@mantine/core';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '../../desk.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { asksPin, pinLengthProblem, takePin } from './pin.ts';
import { PinField } from './pin-field.tsx';
import classes from './sign-form.module.css';
import type { CardPin } from './use-signing.ts';

const CARD_POLL_MS = 1_500;

interface GoOnProps {
  /** The one that signed what is signed; another cannot go on. */
  readonly identityId: string;
  /** The card was pulled, and is to be put in again. */
  readonly pulled: boolean;
  /** Why the last go did not begin. */
  readonly code?: string;
  readonly onResume: (card: CardPin) => Promise<void>;
  /** Starts anew, where this card cannot go on. */
  readonly onAgain: () => void;
  readonly onClose: () => void;
}

export function GoOn({ identityId, pulled, code, onResume, onAgain, onClose }: GoOnProps) {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<'empty' | 'short' | 'long'>();
  const field = useRef<HTMLInputElement>(null);
  const listing = useCall('tokens.list', {}, busy ? {} : { refetchMs: CARD_POLL_MS });
  const token = listing.data?.tokens.find(({ identities }) =>
    identities.some(({ id, disabledReason }) => id === identityId && disabledReason === undefined),
  );
  const [wasGone, setWasGone] = useState(pulled);
  if (listing.data && !token && !wasGone) setWasGone(true);
  const locked = token?.pin.locked === true;
  const wantsPin = token !== undefined && !locked && asksPin(token);
  useEffect(() => {
    if (wantsPin) field.current?.focus();
  }, [wantsPin]);

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (!token || busy) return;
    if (locked) return onAgain();
    const pin = wantsPin && field.current ? takePin(field.current) : undefined;
    const wrong = pin && pinLengthProblem(pin.length, token.pin);
    setProblem(wrong);
    if (wrong) {
      pin?.fill(0);
      field.current?.focus();
      return;
    }
    setBusy(true);
    await onResume({ tokenId: token.id, pin });
    setBusy(false);
  }

  return (
    <form onSubmit={(event) => void submit(event)} autoComplete="off" className={classes.foot}>
      {(wasGone || !token) && (
        <Text size="sm" role="status" data-card={token ? 'back' : 'gone'}>
          {t(token ? 'sign.cardBack' : 'sign.cardGone')}
        </Text>
      )}
      {problem && (
        <p role="alert" className={classes.problem}>
          {t(`sign.pin-${problem}`, { min: token?.pin.minLength, max: token?.pin.maxLength })}
        </p>
      )}
      {code !== undefined && <ErrorNotice code={code} compact />}
      <div className={classes.act}>
        {wantsPin && <PinField key={token.id} token={token} field={field} />}
        {token && !wantsPin && !locked && (
          <p className={classes.hint}>{t(token.keptLogin ? 'sign.loggedIn' : 'sign.pinAtReader')}</p>
        )}
        <Group gap="xs" wrap="nowrap" className={classes.buttons}>
          <Button variant="default" onClick={onClose} disabled={busy}>
            {t('action.done')}
          </Button>
          <Button type="submit" loading={busy} disabled={!token}>
            {t('sign.again')}
          </Button>
        </Group>
      </div>
    </form>
  );
}
