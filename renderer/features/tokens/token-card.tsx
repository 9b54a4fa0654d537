/** One token: where it is, how its PIN stands, and every certificate on it with what it is for. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SigningIdentity, TokenView } from '../../../preload/model.ts';
import { useCallMutation } from '../../desk.tsx';
import { Badge, type BadgeTone } from '../../ui/badge.tsx';
import { calledBy } from '../../ui/format.ts';
import { CardIcon } from '../../ui/icons.tsx';
import { useLocale } from '../../ui/use-locale.ts';
import { PinDialog } from './pin-dialog.tsx';
import classes from './token-card.module.css';

export function TokenCard({ token }: { token: TokenView }) {
  const { t } = useTranslation();
  const maker = [token.manufacturer, token.model].filter((part) => part !== '').join(', ');
  return (
    <section className={classes.token} aria-label={token.label || token.model}>
      <header className={classes.head}>
        <CardIcon />
        <h2 className={classes.label} title={token.label || token.model}>
          {token.label || token.model}
        </h2>
        <PinState token={token} />
      </header>
      <p className={classes.where}>
        {[t('token.serial', { serial: token.serialNumber }), token.slotDescription, maker].join(' · ')}
      </p>
      <KeptLogin token={token} />
      <PinActions token={token} />
      {token.identities.length === 0 && <p className={classes.none}>{t('token.noIdentities')}</p>}
      <ul className={classes.identities}>
        {token.identities.map((identity) => (
          <Identity key={identity.id} token={token} identity={identity} />
        ))}
      </ul>
    </section>
  );
}

/** Logged in from an earlier batch: until when, and the way to end it. */
function KeptLogin({ token: { keptLogin } }: { token: TokenView }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const end = useCallMutation('tokens.logOut', ['tokens.diagnose', 'tokens.list']);
  if (!keptLogin) return undefined;
  const time = (at: number) => new Intl.DateTimeFormat(locale, { timeStyle: 'short' }).format(at);
  const { endsAt } = keptLogin;
  return (
    <p className={classes.login} data-login>
      {endsAt === undefined ? t('token.loggedIn') : t('token.loggedInUntil', { time: time(endsAt) })}
      <Button variant="default" size="compact-xs" loading={end.isPending} onClick={() => end.mutate({})}>
        {t('token.logOut')}
      </Button>
    </p>
  );
}

/** Change where the PIN works, unblock where it is locked; what is left of the PUK is said before it is asked for. */
function PinActions({ token }: { token: TokenView }) {
  const { t } = useTranslation();
  const [purpose, setPurpose] = useState<'change' | 'unblock'>();
  const { pin } = token;
  const puk = pin.soLocked ? 'none' : pin.soFinalTry ? 'last' : pin.soCountLow ? 'few' : undefined;
  return (
    <div className={classes.actions}>
      {pin.toBeChanged && <span className={classes.reason}>{t('token.pinToBeChanged')}</span>}
      {puk && <span className={classes.reason}>{t(`pinDialog.puk-${puk}`)}</span>}
      <Button variant="default" size="compact-sm" onClick={() => setPurpose(pin.locked ? 'unblock' : 'change')}>
        {t(pin.locked ? 'pinDialog.unblockOpen' : 'pinDialog.changeOpen')}
      </Button>
      {purpose && <PinDialog token={token} purpose={purpose} onClose={() => setPurpose(undefined)} />}
    </div>
  );
}

function pinStateOf({ pin }: TokenView): { name: string; tone: BadgeTone } {
  if (pin.locked) return { name: 'locked', tone: 'bad' };
  if (pin.finalTry) return { name: 'last-try', tone: 'bad' };
  if (pin.countLow) return { name: 'low', tone: 'warn' };
  return pin.protectedAuthenticationPath ? { name: 'at-reader', tone: 'quiet' } : { name: 'fine', tone: 'quiet' };
}

function PinState({ token }: { token: TokenView }) {
  const { t } = useTranslation();
  const { name, tone } = pinStateOf(token);
  return (
    <Badge tone={tone} data-pin={name}>
      {t(`pinState.${name}`)}
    </Badge>
  );
}

function Identity({ token, identity }: { token: TokenView; identity: SigningIdentity }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const reason = token.pin.locked ? 'token-locked' : identity.disabledReason;
  const key = identity.keyType === 'other' ? '' : `${t(`keyType.${identity.keyType}`)} ${identity.keySizeBits}`;
  const day = (time: number) => new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }).format(time);
  const validity = t('tokens.valid', { from: day(identity.notBefore), until: day(identity.notAfter) });
  const usages = identity.keyUsage?.map((name) => t(`keyUsage.${name}`, { defaultValue: name })).join(', ');
  return (
    <li className={classes.identity} data-identity={identity.id}>
      <div className={classes.names}>
        <span className={classes.name} data-quiet={reason !== undefined}>
          {identity.commonName}
        </span>
        {reason === undefined && <span className={classes.good}>{t('tokens.canSign')}</span>}
        <Qualified identity={identity} />
      </div>
      <span className={classes.detail}>
        {[calledBy(identity.issuer), key, validity].filter((part) => part !== '').join(' · ')}
      </span>
      {usages && <span className={classes.detail}>{t('tokens.usedFor', { usages })}</span>}
      {reason !== undefined && <span className={classes.reason}>{t(`disabledReason.${reason}`)}</span>}
      {identity.providerIdentities.length === 0 && <span className={classes.detail}>{t('token.notRegistered')}</span>}
    </li>
  );
}

/** What the certificate states of itself; whether its issuer may is the trusted lists' business. */
function Qualified({ identity: { qualified } }: { identity: SigningIdentity }) {
  const { t } = useTranslation();
  if (!qualified?.compliant) return undefined;
  const kind = qualified.types.includes('eseal') ? 'seal' : 'signature';
  return (
    <Badge tone="quiet" title={t('tokens.statedByIssuer')}>
      {t(`qualified.${kind}${qualified.onQscd ? 'OnDevice' : ''}`)}
    </Badge>
  );
}
