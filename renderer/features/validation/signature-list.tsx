/** The signatures of a file in words: who, when, and whether each is good; more about one on request. */
import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { SignatureReport, ValidationReport } from '../../../preload/model.ts';
import { formatMoment } from '../../ui/format.ts';
import { AlertIcon, CheckIcon, ClockIcon } from '../../ui/icons.tsx';
import { useLocale } from '../../ui/use-locale.ts';
import classes from './signature-list.module.css';
import { signedAt, verdictOf } from './verdict.ts';

const icons = { good: CheckIcon, unsure: ClockIcon, bad: AlertIcon } as const;

interface SignatureListProps {
  readonly report: ValidationReport;
  /** The network is being asked whether anybody is revoked. */
  readonly asking: boolean;
}

export function SignatureList({ report, asking }: SignatureListProps) {
  const { t } = useTranslation();
  if (report.signatures.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {t('validation.none')}
      </Text>
    );
  }
  const tones = report.signatures.map((signature) => verdictOf(signature).tone);
  const tone = tones.includes('bad') || !report.valid ? 'bad' : tones.includes('unsure') ? 'unsure' : 'good';
  return (
    <div>
      <p className={classes.summary} data-tone={tone} data-valid={report.valid}>
        {t(`validation.summary-${tone}`, { count: report.signatures.length })}
      </p>
      <p className={classes.asking} role="status">
        {asking && t('validation.asking')}
      </p>
      <ul className={classes.list} aria-label={t('validation.list')}>
        {report.signatures.map((signature) => (
          <Signature key={signature.fieldName} signature={signature} />
        ))}
      </ul>
    </div>
  );
}

function Signature({ signature }: { signature: SignatureReport }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { tone, reason } = verdictOf(signature);
  const when = signedAt(signature);
  const Shape = icons[tone];
  const moment = when && formatMoment(when.at, Date.now(), locale);
  const timestamp = signature.kind === 'document-timestamp';
  const facts: readonly (readonly [string, string])[] = [
    [t('validation.subject'), signature.signerSubject],
    [t('validation.level'), signature.level === 'none' ? t('validation.noLevel') : signature.level],
    [t('validation.certificate'), t(`chain.${signature.chain}`)],
    [t('validation.revocation'), t(`revocation.${signature.revocation}`)],
    ...(timestamp ? [] : [[t('validation.timestamp'), t(`timestamp.${signature.timestamp}`)] as const]),
    [t('validation.field'), signature.fieldName],
  ];
  return (
    <li className={classes.signature} data-tone={tone} data-reason={reason}>
      <span className={classes.icon}>
        <Shape />
      </span>
      <div className={classes.about}>
        <span className={classes.who}>
          {timestamp ? t('validation.documentTimestamp') : signature.signerCommonName || t('validation.nobody')}
        </span>
        {moment !== undefined && (
          <span className={classes.when}>
            {t(when?.proven ? 'validation.proven' : 'validation.claimed', { when: moment })}
          </span>
        )}
        <span className={classes.verdict}>{t(`verdict.${reason}`)}</span>
        {signature.laterChanges.length > 0 && (
          <span className={classes.when}>
            {t('validation.later', {
              changes: signature.laterChanges.map((kind) => t(`laterChange.${kind}`)).join(', '),
            })}
          </span>
        )}
        <details className={classes.more}>
          <summary>{t('validation.more')}</summary>
          <dl className={classes.facts}>
            {facts.map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        </details>
      </div>
    </li>
  );
}
