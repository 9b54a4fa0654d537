/**
 * The sender's restrictions on the certificate that may sign a request: `{rule, operator, value}` at Signing Today. Pure: a
 * certificate and the restrictions in, the first that it does not meet out. What is not understood blocks, by its name.
 */
import { type CertificateFacts, parseCertificate, readSignerNames } from '../pki/index.ts';

export interface Restriction {
  readonly rule: string;
  readonly operator: string;
  readonly value: string;
}

export interface UnmetRestriction extends Restriction {
  readonly why: 'not-met' | 'unknown-rule' | 'unknown-operator' | 'unreadable-certificate';
}

type Rule = 'issuer' | 'subject' | 'serialNumber' | 'fiscalCode' | 'email' | 'keyUsage' | 'qualified';
type Facts = Readonly<Record<Rule, readonly string[]>>;

/** Names are compared without case, blanks and punctuation: `fiscal_code` and `fiscalCode` are one. */
const plainName = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, '');

const rules = new Map<string, Rule>(
  Object.entries({
    issuer: 'issuer',
    issuerdn: 'issuer',
    issuername: 'issuer',
    subject: 'subject',
    subjectdn: 'subject',
    subjectname: 'subject',
    serialnumber: 'serialNumber',
    certificateserialnumber: 'serialNumber',
    certificateserial: 'serialNumber',
    fiscalcode: 'fiscalCode',
    taxcode: 'fiscalCode',
    codicefiscale: 'fiscalCode',
    email: 'email',
    emailaddress: 'email',
    keyusage: 'keyUsage',
    qualified: 'qualified',
    isqualified: 'qualified',
  } as const),
);

const operators = new Map<string, 'equals' | 'contains' | 'in'>(
  Object.entries({
    equals: 'equals',
    equal: 'equals',
    eq: 'equals',
    is: 'equals',
    contains: 'contains',
    in: 'in',
    oneof: 'in',
  } as const),
);

/** Case, and how many blanks part the words, say nothing. */
const folded = (text: string) => text.normalize('NFC').trim().replace(/\s+/g, ' ').toLowerCase();

/** How a value of each rule is compared: numbers and usages without what people put between their parts. */
const comparable: Readonly<Record<Rule, (text: string) => string>> = {
  issuer: folded,
  subject: folded,
  serialNumber: (text) =>
    text
      .toLowerCase()
      .replace(/[\s:.-]/g, '')
      .replace(/^0x/, '')
      .replace(/^0+(?=.)/, ''),
  fiscalCode: (text) => folded(text).replaceAll(' ', ''),
  email: folded,
  keyUsage: plainName,
  qualified: plainName,
};

function qualifiedWords({ qualified }: CertificateFacts): string[] {
  if (!qualified?.compliant) return ['false', 'no', '0'];
  return ['true', 'yes', '1', 'qualified', ...qualified.types, ...(qualified.onQscd ? ['qscd'] : [])];
}

/** X.509 calls nonRepudiation contentCommitment too (RFC 5280, 4.2.1.3). */
function usageWords({ keyUsageNames = [] }: CertificateFacts): string[] {
  return keyUsageNames.flatMap((name) => (name === 'nonRepudiation' ? [name, 'contentCommitment'] : [name]));
}

function readFacts(certificate: Uint8Array): Facts | undefined {
  try {
    const facts = parseCertificate(certificate);
    return { ...readSignerNames(certificate), keyUsage: usageWords(facts), qualified: qualifiedWords(facts) };
  } catch {
    return undefined;
  }
}

/** A list's items: parted by semicolons where there is one, since names hold commas. */
const itemsOf = (value: string) => value.split(value.includes(';') ? ';' : ',').filter((item) => item.trim() !== '');

function unmet(facts: Facts | undefined, restriction: Restriction): UnmetRestriction['why'] | undefined {
  const rule = rules.get(plainName(restriction.rule));
  if (!rule) return 'unknown-rule';
  const operator = operators.get(plainName(restriction.operator));
  if (!operator) return 'unknown-operator';
  if (!facts) return 'unreadable-certificate';
  const toComparable = comparable[rule];
  const has = facts[rule].map(toComparable);
  const wanted = operator === 'in' ? itemsOf(restriction.value) : [restriction.value];
  const isMet = wanted.map(toComparable).some((value) => {
    if (value === '') return false;
    return operator === 'contains' ? has.some((one) => one.includes(value)) : has.includes(value);
  });
  return isMet ? undefined : 'not-met';
}

/** The first restriction that the certificate (DER) does not meet; undefined where it may sign. */
export function unmetRestriction(
  certificate: Uint8Array | undefined,
  restrictions: readonly Restriction[],
): UnmetRestriction | undefined {
  if (restrictions.length === 0) return undefined;
  const facts = certificate && readFacts(certificate);
  for (const { rule, operator, value } of restrictions) {
    const why = unmet(facts, { rule, operator, value });
    if (why) return { rule, operator, value, why };
  }
  return undefined;
}
