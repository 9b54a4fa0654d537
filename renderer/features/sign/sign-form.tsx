/** Before signing: the documents, the identity, and a PIN field where there is to be one. */
import { Button, Group, Stack, TextInput } from '@mantine/core';
import { type FocusEvent, type FormEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TokenView } from '../../../preload/model.ts';
import { useCall } from '../../desk.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { ChosenList } from './chosen-list.tsx';
import { IdentityChoice, type Ineligible } from './identity-choice.tsx';
import { pinLengthProblem, takePin, triesLeft } from './pin.ts';
import classes from './sign-form.module.css';
import type { Chosen } from './use-chosen-requests.ts';
import type { useSigning } from './use-signing.ts';

const TOKENS_POLL_MS = 3_000;

interface SignFormProps {
  readonly chosen: Chosen;
  readonly starting: boolean;
  /** Why the last go did not begin. */
  readonly code?: string;
  readonly onSign: ReturnType<typeof useSigning>['start'];
  readonly onClose: () => void;
}

function PinField({ token, field }: { token: TokenView; field: React.RefObject<HTMLInputElement | null> }) {
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

/** The identities that a sender's restriction keeps from one of the requests, each with the first such rule. */
function useBlocked(chosen: Chosen, tokens: readonly TokenView[]): ReadonlyMap<string, Ineligible> {
  const identityIds = tokens.flatMap(({ identities }) => identities.map(({ id }) => id));
  const requests = chosen.requests.map(({ transactionId, documentId, signatureRequestId }) => ({
    transactionId,
    documentId,
    signatureRequestId,
  }));
  const found = useCall(
    'signing.ineligible',
    { identityIds, requests },
    { enabled: identityIds.length > 0 && requests.length > 0, keepPrevious: true },
  );
  return new Map((found.data ?? []).toReversed().map((each) => [each.identityId, each]));
}

export function SignForm({ chosen, starting, code, onSign, onClose }: SignFormProps) {
  const { t } = useTranslation();
  const listing = useCall('tokens.list', {}, starting ? {} : { refetchMs: TOKENS_POLL_MS });
  const [picked, setPicked] = useState<string>();
  const [lengthProblem, setLengthProblem] = useState<'empty' | 'short' | 'long'>();
  const pinField = useRef<HTMLInputElement>(null);

  const tokens = listing.data?.tokens ?? [];
  const blocked = useBlocked(chosen, tokens);
  const usable = tokens.flatMap((token) =>
    token.identities
      .filter(({ id, disabledReason }) => disabledReason === undefined && !token.pin.locked && !blocked.has(id))
      .map((identity) => ({ token, identity })),
  );
  const known = usable.filter(({ identity }) => identity.providerIdentities.length > 0);
  const signer = usable.find(({ identity }) => identity.id === picked) ?? known[0] ?? usable[0];
  const isLoggedIn = signer?.token.keptLogin !== undefined;
  const wantsPin = signer !== undefined && !signer.token.pin.protectedAuthenticationPath && !isLoggedIn;

  function submit(event: FormEvent) {
    event.preventDefault();
    if (!signer || starting || chosen.requests.length === 0) return;
    const field = wantsPin ? pinField.current : null;
    const pin = field ? takePin(field) : undefined;
    const problem = pin && pinLengthProblem(pin.length, signer.token.pin);
    setLengthProblem(problem);
    if (problem) {
      pin?.fill(0);
      field?.focus();
      return;
    }
    const requests = chosen.requests.map(({ transactionId, documentId, signatureRequestId, reviewedSha256 }) => ({
      transactionId,
      documentId,
      signatureRequestId,
      reviewedSha256,
    }));
    void onSign({ tokenId: signer.token.id, identityId: signer.identity.id, requests, pin });
  }

  return (
    <form onSubmit={submit} autoComplete="off">
      <Stack gap="md">
        <ChosenList chosen={chosen} />
        {listing.isError ? (
          <ErrorNotice code={listing.error.code} compact />
        ) : (
          <IdentityChoice
            listing={listing.data}
            blocked={blocked}
            picked={signer?.identity.id}
            disabled={starting}
            onPick={(identityId) => {
              setPicked(identityId);
              setLengthProblem(undefined);
            }}
          />
        )}
      </Stack>
      <div className={classes.foot}>
        {lengthProblem && (
          <p role="alert" className={classes.problem}>
            {t(`sign.pin-${lengthProblem}`, { min: signer?.token.pin.minLength, max: signer?.token.pin.maxLength })}
          </p>
        )}
        {code !== undefined && <ErrorNotice code={code} compact />}
        <div className={classes.act}>
          {signer && wantsPin && <PinField key={signer.token.id} token={signer.token} field={pinField} />}
          {signer && !wantsPin && (
            <p className={classes.hint}>{t(isLoggedIn ? 'sign.loggedIn' : 'sign.pinAtReader')}</p>
          )}
          <Group gap="xs" wrap="nowrap" className={classes.buttons}>
            <Button variant="default" onClick={onClose} disabled={starting}>
              {t('action.cancel')}
            </Button>
            <Button type="submit" loading={starting} disabled={!signer || chosen.requests.length === 0}>
              {t('sign.now', { count: chosen.requests.length })}
            </Button>
          </Group>
        </div>
      </div>
    </form>
  );
}
