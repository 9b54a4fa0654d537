/** Tokens, readers and diagnoses as lines for a person. */
import type { CallOutput } from '../../preload/contract.ts';
import type { DiagnosisLayer, SigningIdentity, TokenDiagnosis, TokenView } from '../../preload/model.ts';
import { clean, table } from './table.ts';
import { inWords } from './words.ts';

type Overview = CallOutput<'tokens.diagnose'>;
type Finding = Omit<TokenDiagnosis, 'cards'>;

export function pinWords({ pin }: TokenView): string {
  if (pin.locked) return 'locked';
  if (pin.finalTry) return 'last try';
  if (pin.countLow) return 'low';
  return pin.protectedAuthenticationPath ? 'PIN pad' : 'ok';
}

/** `QES`: qualified, on a qualified device; `QC`: qualified without one (ETSI EN 319 412-5). */
function qualifiedWords({ qualified }: SigningIdentity): string {
  if (!qualified?.compliant) return '';
  const kind = qualified.types.includes('eseal') ? 'seal' : 'signature';
  return `${kind}${qualified.onQscd ? ' on QSCD' : ''}`;
}

export function tokenTable(tokens: readonly TokenView[]): string {
  const rows = tokens.flatMap((token) => {
    const about = [clean(token.label, 24), token.serialNumber, clean(token.slotDescription, 28), pinWords(token)];
    if (token.identities.length === 0) return [[...about, '', 'no certificate', '', '', 'no']];
    return token.identities.map((identity) => [
      ...about,
      identity.id.slice(token.serialNumber.length + 1),
      clean(identity.commonName, 30),
      `${identity.keyType} ${identity.keySizeBits}`,
      qualifiedWords(identity),
      identity.disabledReason ?? 'yes',
    ]);
  });
  return table(['TOKEN', 'SERIAL', 'READER', 'PIN', 'CERT-ID', 'CERTIFICATE', 'KEY', 'QUALIFIED', 'CAN SIGN'], rows);
}

/** What is missing, and what to do. */
const layerWords: Readonly<Record<DiagnosisLayer, (finding: Finding) => string>> = {
  'no-pcsc-service': () =>
    'No card reader can be asked: the PC/SC service is not running. Install or start it (on Linux: pcscd).',
  'no-reader': () => 'No card reader is connected. Plug one in, or the USB token.',
  'no-card': () => 'There is a card reader, and no card in it.',
  'card-silent': () => 'The card does not answer. Put it in the other way round, or clean its contacts.',
  'card-unknown': ({ atr, card }) =>
    card === undefined
      ? `No installed module knows this card. Install its vendor’s software; to report the card: ATR ${atr ?? 'unknown'}.`
      : `The card (${card}) is not read by the module that is installed for it; to report it: ATR ${atr ?? 'unknown'}.`,
  'module-missing': ({ card, install = [] }) =>
    `The software for this card${card === undefined ? '' : ` (${card})`} is not installed: ${install.join(', or ')}.`,
  'wrong-architecture': ({ modulePath, install }) =>
    `The module ${modulePath ?? ''} is for another processor. Install the version for this one${install ? ` (${install.join(', or ')})` : ''}.`,
  'module-failed': ({ modulePath, code }) => `The card’s module ${modulePath ?? ''} failed. ${inWords(code ?? '')}`,
  'no-certificate': () => 'The token is here, and there is no certificate on it.',
  'no-signing-certificate': () => 'The token has certificates, and none of them is for signing.',
  expired: () => 'The signing certificate has expired. Have it renewed.',
  'not-yet-valid': () => 'The signing certificate is not valid yet. Check this computer’s clock.',
  'pin-locked': () => 'The PIN is locked. Unblock it with `countersign tokens unblock`.',
  ok: () => 'A certificate is here that can sign.',
};

const serviceWords: Readonly<Record<Overview['service'], string>> = {
  running: 'running',
  starting: 'does not answer yet',
  'pcsc-service-down': 'the service is not running',
  'pcsc-missing': 'this installation cannot ask it (the package smartcard is not built)',
  'pcsc-failed': 'the process that asks it keeps failing',
};

export function findingWords(finding: Finding): string {
  return layerWords[finding.layer](finding);
}

export function overviewWords(overview: Overview): string {
  const { tokens, problems, diagnosis, absent } = overview;
  return [
    ...(tokens.length > 0 ? [tokenTable(tokens)] : []),
    ...(diagnosis.layer === 'ok' ? [] : [findingWords(diagnosis)]),
    ...problems.map((problem) => `${problem.modulePath}: ${inWords(problem.code)}`),
    ...absent.map(
      ({ label, tokenSerialNumber }) => `Not here: ${clean(label)} (token ${clean(tokenSerialNumber ?? 'unknown')})`,
    ),
  ].join('\n');
}

export function diagnosisWords({ diagnosis, service, readers, modules, problems }: Overview): string {
  const problemOf = (path: string) => problems.find(({ modulePath }) => modulePath === path)?.code;
  return [
    findingWords(diagnosis),
    '',
    `PC/SC: ${serviceWords[service]}.`,
    ...readers.map(({ name, cardPresent }) => {
      const card = diagnosis.cards.find(({ reader }) => reader === name);
      const about = card?.card ?? (card?.atr === undefined ? undefined : `ATR ${card.atr}`);
      if (!cardPresent || !card) return `Reader ${clean(name)}: no card`;
      return `Reader ${clean(name)}: ${about ?? 'a card'}. ${findingWords(card)}`;
    }),
    ...(modules.length === 0 ? ['No PKCS#11 module is installed.'] : []),
    ...modules.map(({ path, vendor }) => {
      const code = problemOf(path);
      return `Module ${path}${vendor === undefined ? '' : ` (${vendor})`}: ${code === undefined ? 'loaded' : inWords(code)}`;
    }),
  ].join('\n');
}
