/** Before signing: what, with which identity, how, and a PIN field where there is to be one. */
import { Button, Group, Stack } from '@mantine/core';
import { type FormEvent, type ReactNode, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../preload/contract.ts';
import { useCall } from '../../desk.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { formatDay } from '../../ui/format.ts';
import { useLocale } from '../../ui/use-locale.ts';
import { IdentityChoice, type Ineligible } from './identity-choice.tsx';
import { OptionsForm } from './options-form.tsx';
import { chooseSigner, usePickedIdentity } from './picked-identity.tsx';
import { asksPin, pinLengthProblem, takePin } from './pin.ts';
import { PinField } from './pin-field.tsx';
import type { ChosenRequest } from './requests.ts';
import classes from './sign-form.module.css';
import { firstLevel, type SignDefaults, type SignOptions, toChoices } from './sign-options.ts';
import type { Signer } from './use-signing.ts';

const TOKENS_POLL_MS = 3_000;

type RequestRef = Pick<ChosenRequest, 'transactionId' | 'documentId' | 'signatureRequestId'>;

interface SignFormProps {
  readonly count: number;
  /** Of the inbox: their senders may say which certificate. */
  readonly requests?: readonly RequestRef[];
  readonly defaults: SignDefaults;
  readonly starting: boolean;
  /** Why the last go did not begin. */
  readonly code?: string;
  readonly onSign: (signer: Signer) => Promise<void>;
  readonly onClose: () => void;
  /** What is to be signed. */
  readonly children: ReactNode;
}

/** The identities that a sender's restriction keeps from one of the requests, each with the first such rule. */
function useBlocked(
  requests: readonly RequestRef[],
  listing: CallOutput<'tokens.list'> | undefined,
): ReadonlyMap<string, Ineligible> {
  const identityIds = (listing?.tokens ?? []).flatMap(({ identities }) => identities.map(({ id }) => id));
  const found = useCall(
    'signing.ineligible',
    { identityIds, requests: [...requests] },
    { enabled: identityIds.length > 0 && requests.length > 0, keepPrevious: true },
  );
  return new Map((found.data ?? []).toReversed().map((each) => [each.identityId, each]));
}

/** The options as they stand, and the chosen mark's image. */
function useOptions(defaults: SignDefaults) {
  const settings = useCall('settings.get', {});
  const marks = useCall('marks.list', {});
  const [changed, setChanged] = useState<SignOptions>();
  const hasAuthority = (settings.data?.timestampAuthorities.length ?? 0) > 0;
  const options: SignOptions = changed ?? {
    level: firstLevel(defaults, hasAuthority),
    reason: undefined,
    location: '',
    markId: marks.data?.find(({ preferred }) => preferred)?.id,
  };
  const { markId } = options;
  const image = useCall('marks.image', { markId: markId ?? '-' }, { enabled: markId !== undefined });
  return {
    options,
    setOptions: setChanged,
    marks: marks.data ?? [],
    image: markId === undefined ? undefined : image.data,
    ready: !settings.isPending && !marks.isPending,
  };
}

/** Whether the chosen certificate is revoked, where there is anything to say of it. */
function Standing({ standing: { revocation, revokedAt } }: { standing: CallOutput<'signing.check'> }) {
  const { t } = useTranslation();
  const locale = useLocale();
  if (revocation === 'good') return null;
  if (revocation === 'unknown') return <p className={classes.hint}>{t('sign.checkUnknown')}</p>;
  const day = revokedAt === undefined ? '' : formatDay(revokedAt, Date.now(), locale);
  return (
    <p role="alert" className={classes.problem}>
      {t('sign.checkRevoked', { day })}
    </p>
  );
}

const NONE: readonly RequestRef[] = [];

export function SignForm({
  count,
  requests = NONE,
  defaults,
  starting,
  code,
  onSign,
  onClose,
  children,
}: SignFormProps) {
  const { t } = useTranslation();
  const listing = useCall('tokens.list', {}, starting ? {} : { refetchMs: TOKENS_POLL_MS });
  const { picked, pick } = usePickedIdentity();
  const [lengthProblem, setLengthProblem] = useState<'empty' | 'short' | 'long'>();
  const pinField = useRef<HTMLInputElement>(null);
  const { options, setOptions, marks, image, ready } = useOptions(defaults);
  const blocked = useBlocked(requests, listing.data);
  const signer = chooseSigner(listing.data, picked, blocked);
  const standing = useCall(
    'signing.check',
    { identityId: signer?.identity.id ?? '-' },
    { enabled: signer !== undefined && !starting, fresh: true },
  ).data;
  const isRevoked = standing?.revocation === 'revoked';
  const isLoggedIn = signer?.token.keptLogin !== undefined;
  const wantsPin = signer !== undefined && asksPin(signer.token);

  function submit(event: FormEvent) {
    event.preventDefault();
    if (!signer || starting || count === 0 || !ready || isRevoked) return;
    const field = wantsPin ? pinField.current : null;
    const pin = field ? takePin(field) : undefined;
    const problem = pin && pinLengthProblem(pin.length, signer.token.pin);
    setLengthProblem(problem);
    if (problem) {
      pin?.fill(0);
      field?.focus();
      return;
    }
    const choices = toChoices(options);
    void onSign({ tokenId: signer.token.id, identityId: signer.identity.id, pin, choices });
  }

  return (
    <form onSubmit={submit} autoComplete="off">
      <Stack gap="md">
        {children}
        {listing.isError ? (
          <ErrorNotice code={listing.error.code} compact />
        ) : (
          <IdentityChoice
            listing={listing.data}
            blocked={blocked}
            picked={signer?.identity.id}
            disabled={starting}
            onPick={(identityId) => {
              pick(identityId);
              setLengthProblem(undefined);
            }}
          />
        )}
        <OptionsForm
          options={options}
          defaults={defaults}
          marks={marks}
          image={image}
          signerName={signer?.identity.commonName ?? ''}
          onChange={setOptions}
        />
      </Stack>
      <div className={classes.foot}>
        {standing && <Standing standing={standing} />}
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
            <Button type="submit" loading={starting} disabled={!signer || count === 0 || isRevoked}>
              {t('sign.now', { count: Math.max(1, count) })}
            </Button>
          </Group>
        </div>
      </div>
    </form>
  );
}
