/** The cards that are in, live, and their identities; one that cannot sign says why instead of going missing. */
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../preload/contract.ts';
import type { SigningIdentity, TokenView } from '../../../preload/model.ts';
import { useCall } from '../../desk.tsx';
import { errorKey } from '../../ui/error-key.ts';
import { calledBy, formatDay } from '../../ui/format.ts';
import { CardIcon } from '../../ui/icons.tsx';
import { useLocale } from '../../ui/use-locale.ts';
import classes from './identity-choice.module.css';

export type Ineligible = CallOutput<'signing.ineligible'>[number];

interface IdentityChoiceProps {
  readonly listing: CallOutput<'tokens.list'> | undefined;
  /** Kept from one of the documents by its sender's rule, by identity. */
  readonly blocked: ReadonlyMap<string, Ineligible>;
  readonly picked: string | undefined;
  readonly disabled: boolean;
  readonly onPick: (identityId: string) => void;
}

export function IdentityChoice({ listing, blocked, picked, disabled, onPick }: IdentityChoiceProps) {
  const { t } = useTranslation();
  const name = useId();
  if (!listing) {
    return (
      <p className={classes.hint} aria-busy="true">
        {t('token.looking')}
      </p>
    );
  }
  return (
    <fieldset className={classes.choice}>
      <legend className={classes.legend}>{t('token.choose')}</legend>
      {listing.tokens.length === 0 && <NoToken problems={listing.problems} />}
      {listing.tokens.map((token) => (
        <div key={token.id} className={classes.token}>
          <div className={classes.card}>
            <CardIcon />
            <span className={classes.label}>{token.label || token.model}</span>
            <span className={classes.serial}>{t('token.serial', { serial: token.serialNumber })}</span>
          </div>
          {token.identities.length === 0 && <p className={classes.hint}>{t('token.noIdentities')}</p>}
          {token.identities.map((identity) => (
            <Identity
              key={identity.id}
              token={token}
              identity={identity}
              blocked={blocked.get(identity.id)}
              name={name}
              checked={identity.id === picked}
              disabled={disabled}
              onPick={onPick}
            />
          ))}
        </div>
      ))}
    </fieldset>
  );
}

interface IdentityProps {
  readonly token: TokenView;
  readonly identity: SigningIdentity;
  readonly blocked: Ineligible | undefined;
  readonly name: string;
  readonly checked: boolean;
  readonly disabled: boolean;
  readonly onPick: (identityId: string) => void;
}

function Identity({ token, identity, blocked, name, checked, disabled, onPick }: IdentityProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const reason = token.pin.locked ? 'token-locked' : identity.disabledReason;
  const key = identity.keyType === 'other' ? '' : `${t(`keyType.${identity.keyType}`)} ${identity.keySizeBits}`;
  const until = t('token.validUntil', { day: formatDay(identity.notAfter, Date.now(), locale) });
  return (
    <label className={classes.identity} data-disabled={reason !== undefined || blocked !== undefined}>
      <input
        type="radio"
        name={name}
        value={identity.id}
        checked={checked}
        disabled={disabled || reason !== undefined || blocked !== undefined}
        onChange={() => onPick(identity.id)}
      />
      <span className={classes.about}>
        <span className={classes.name}>{identity.commonName}</span>
        <span className={classes.detail}>
          {[calledBy(identity.issuer), key, until].filter((part) => part !== '').join(' · ')}
        </span>
        {reason !== undefined && <span className={classes.reason}>{t(`disabledReason.${reason}`)}</span>}
        {reason === undefined && blocked && (
          <span className={classes.reason} data-restriction={blocked.why}>
            {t(`restriction.${blocked.why}`, { rule: blocked.rule, operator: blocked.operator, value: blocked.value })}
          </span>
        )}
        {reason === undefined && identity.providerIdentities.length === 0 && (
          <span className={classes.detail}>{t('token.notRegistered')}</span>
        )}
      </span>
    </label>
  );
}

function NoToken({ problems }: { problems: CallOutput<'tokens.list'>['problems'] }) {
  const { t, i18n } = useTranslation();
  const info = useCall('app.info', {});
  const fileName = (path: string) => path.split(/[/\\]/).at(-1) ?? path;
  return (
    <div className={classes.none} role="status">
      <p className={classes.noneTitle}>{t('token.none')}</p>
      <p className={classes.hint}>{t('token.noneText')}</p>
      {problems.map(({ modulePath, code }) => (
        <p key={modulePath} className={classes.reason}>
          {fileName(modulePath)}: {t(`${errorKey(code, (key) => i18n.exists(key))}.what`)}
        </p>
      ))}
      {info.data?.missing.map((part) => (
        <p key={part} className={classes.reason}>
          {t('token.missing', { part })}
        </p>
      ))}
    </div>
  );
}
