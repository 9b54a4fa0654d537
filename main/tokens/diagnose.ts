/** Says at which layer the way to a signature ends, from what is known: service, readers, cards, modules, tokens, certificates. */
import type { CardReader, PcscService } from '../../native/pcsc-port.ts';
import type { CardFinding, DiagnosisLayer, TokenDiagnosis, TokenView } from '../../preload/model.ts';
import { knownCard } from './cards.ts';
import { moduleTable } from './known-module-table.ts';
import type { FoundModule } from './known-modules.ts';
import { readerOfSlot } from './reader-match.ts';

export interface DiagnosisFacts {
  readonly service: PcscService;
  readonly readers: readonly CardReader[];
  readonly modules: readonly FoundModule[];
  readonly problems: readonly { modulePath: string; code: string }[];
  readonly tokens: readonly TokenView[];
}

/** From the first thing that can be missing to nothing missing: the one that got furthest is the answer. */
const layers: readonly DiagnosisLayer[] = [
  'no-pcsc-service',
  'no-reader',
  'no-card',
  'card-silent',
  'card-unknown',
  'module-missing',
  'wrong-architecture',
  'module-failed',
  'no-certificate',
  'no-signing-certificate',
  'expired',
  'not-yet-valid',
  'pin-locked',
  'ok',
];

/** For cards that no table knows, and that no special software is made for. */
const GENERIC_SOFTWARE = 'OpenSC';

export function diagnoseTokens(facts: DiagnosisFacts): TokenDiagnosis {
  const cards = facts.readers.filter(({ cardPresent }) => cardPresent).map((reader) => findCard(reader, facts));
  const elsewhere = facts.tokens.map(
    (token): Finding => ({ layer: layerOfToken(token), modulePath: token.modulePath }),
  );
  const found = [...cards.map(({ reader: _, ...finding }) => finding), ...elsewhere];
  const [furthest] = found.toSorted((a, b) => layers.indexOf(b.layer) - layers.indexOf(a.layer));
  return { ...(furthest ?? layerWithoutCard(facts)), cards };
}

type Finding = Omit<CardFinding, 'reader'>;

function layerWithoutCard({ service, readers, problems }: DiagnosisFacts): Finding {
  const wrong = problems.find(({ code }) => code === 'module-wrong-architecture');
  if (service === 'running' && readers.length > 0) return { layer: 'no-card' };
  // A module without readers of its own may be all there is.
  if (wrong) return { layer: 'wrong-architecture', modulePath: wrong.modulePath };
  return service === 'running' ? { layer: 'no-reader' } : { layer: 'no-pcsc-service' };
}

function layerOfToken({ identities }: TokenView): DiagnosisLayer {
  if (identities.length === 0) return 'no-certificate';
  if (identities.some(({ disabledReason }) => disabledReason === undefined)) return 'ok';
  const has = (reason: string) => identities.some(({ disabledReason }) => disabledReason === reason);
  if (has('token-locked')) return 'pin-locked';
  if (has('not-yet-valid')) return 'not-yet-valid';
  return has('expired') ? 'expired' : 'no-signing-certificate';
}

function findCard(reader: CardReader, facts: DiagnosisFacts): CardFinding {
  const { name, atr } = reader;
  const known = atr === undefined ? undefined : knownCard(atr);
  const about = {
    reader: name,
    ...(atr === undefined ? {} : { atr }),
    ...(known ? { card: known.name } : {}),
  };
  const [token] = tokensOfCard(reader, known?.vendors ?? [], facts).toSorted(
    (a, b) => layers.indexOf(layerOfToken(b)) - layers.indexOf(layerOfToken(a)),
  );
  if (token) return { ...about, layer: layerOfToken(token), modulePath: token.modulePath };
  if (atr === undefined) return { ...about, layer: 'card-silent' };
  return { ...about, ...layerOfModules(known?.vendors ?? [], facts) };
}

/** Modules that name their slots in another way are believed where they are the card's own. */
function tokensOfCard(reader: CardReader, vendors: readonly string[], { tokens, modules, readers }: DiagnosisFacts) {
  const inReader = tokens.filter(({ slotDescription }) => readerOfSlot(slotDescription, readers) === reader);
  if (inReader.length > 0) return inReader;
  const own = new Set(modules.filter(({ vendor }) => isOf(vendor, vendors)).map(({ path }) => path));
  return tokens.filter(
    ({ modulePath, slotDescription }) => own.has(modulePath) && readerOfSlot(slotDescription, readers) === undefined,
  );
}

const isOf = (vendor: string | undefined, vendors: readonly string[]) =>
  vendor !== undefined && vendors.includes(vendor);

function layerOfModules(vendors: readonly string[], { modules, problems }: DiagnosisFacts): Finding {
  if (vendors.length === 0) {
    return modules.length > 0 ? { layer: 'card-unknown' } : { layer: 'module-missing', install: [GENERIC_SOFTWARE] };
  }
  const own = modules.filter(({ vendor }) => isOf(vendor, vendors));
  if (own.length === 0) return { layer: 'module-missing', install: vendors.map(softwareOf) };
  const failed = own.flatMap(({ path }) => problems.find(({ modulePath }) => modulePath === path) ?? []);
  const [first] = failed;
  // One of the card's modules looked into it and did not know it.
  if (!first || failed.length < own.length) return { layer: 'card-unknown' };
  const { modulePath, code } = first;
  return code === 'module-wrong-architecture'
    ? { layer: 'wrong-architecture', modulePath, install: vendors.map(softwareOf) }
    : { layer: 'module-failed', modulePath, code };
}

function softwareOf(vendor: string): string {
  return moduleTable.find((files) => files.vendor === vendor)?.software ?? vendor;
}
