/**
 * Transactions by the thousand for benchmarks and specs: the same ones for the same seed, with two and a half documents each on
 * average, most of them done, a few waiting for the person, names and tags as unevenly spread as in life.
 */
import type {
  Form,
  SignatureRequest,
  Transaction,
  TransactionDocument,
  TransactionStatus,
} from '../../preload/model.ts';

const subjects = [
  'Lease', 'Deed of sale', 'Power of attorney', 'Employment contract', 'Consent to treatment', 'Annual accounts',
  'Purchase order', 'Non-disclosure agreement', 'Mortgage deed', 'Insurance claim', 'Mietvertrag', 'Gesellschaftsvertrag',
  'Kaufvertrag', 'Contratto di locazione', 'Procura speciale', 'Verbale di assemblea', 'Contrat de travail', 'Acte de vente',
  'Poder notarial', 'Contrato de arrendamiento',
]; // biome-ignore format: a table
const places = [
  'Bolzano', 'Merano', 'Zürich', 'Graz', 'Lyon', 'Sevilla', 'Trento', 'Innsbruck', 'Genève', 'Bilbao', 'Verona', 'Leipzig',
  'Harbour Street', 'Mill Lane', 'Bahnhofstraße', 'Via Roma', 'Rue de la Paix', 'Calle Mayor', 'Old Brewery', 'North Wing',
]; // biome-ignore format: a table
const firstNames = [
  'Anna', 'Boris', 'Chiara', 'Dieter', 'Élodie', 'Francisco', 'Greta', 'Hannes', 'Ilaria', 'Jonas', 'Karin', 'Luca',
  'Marta', 'Nils', 'Olga', 'Paolo', 'Quentin', 'Rosa', 'Stefan', 'Teresa', 'Ulrich', 'Vera', 'Walter', 'Ximena', 'Yannick', 'Zoë',
]; // biome-ignore format: a table
const lastNames = [
  'Amort', 'Bianchi', 'Conti', 'Dupont', 'Egger', 'Fischer', 'García', 'Huber', 'Innerhofer', 'Jansen', 'Kofler', 'Lang',
  'Moser', 'Nowak', 'Oberhofer', 'Pichler', 'Rossi', 'Schmid', 'Thaler', 'Unterweger', 'Vidal', 'Weber', 'Zanella', 'Müller',
]; // biome-ignore format: a table
const tagNames = [
  'urgent client', 'property', 'clinic', 'staff', 'tax 2024', 'tax 2025', 'archive', 'board', 'bank', 'court', 'family',
  'insurance', 'import', 'export', 'north', 'south', 'framework', 'renewal', 'pilot', 'translation',
]; // biome-ignore format: a table

/** Mulberry32: 32 bits of state, enough for test data. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Random = () => number;
const pick = <T>(random: Random, from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
/** The first ones often, the last ones seldom. */
const pickUneven = <T>(random: Random, from: readonly T[]): T => from[Math.floor(random() ** 2.5 * from.length)] as T;
const personName = (random: Random) => `${pick(random, firstNames)} ${pick(random, lastNames)}`;

/** Cumulative shares. */
const shares: readonly (readonly [number, TransactionStatus])[] = [
  [0.72, 'signed'],
  [0.84, 'waiting'],
  [0.89, 'to-sign'],
  [0.9, 'to-fill'],
  [0.94, 'declined'],
  [0.97, 'expired'],
  [0.975, 'error'],
  [1, 'draft'],
];

function statusOf(random: Random): TransactionStatus {
  const at = random();
  return shares.find(([share]) => at < share)?.[1] ?? 'signed';
}

const requestStates: Readonly<Record<TransactionStatus, SignatureRequest['state']>> = {
  signed: 'signed',
  waiting: 'not-yet',
  'to-sign': 'ready',
  'to-fill': 'not-yet',
  declined: 'declined',
  expired: 'ready',
  error: 'not-yet',
  draft: 'not-yet',
};

function requestsOf(random: Random, documentId: string, status: TransactionStatus): SignatureRequest[] {
  const state = requestStates[status];
  const other = personName(random);
  const one = { reason: 'Agreed', profile: 'PAdES' as const, withTimestamp: true, declinable: true, restrictions: [] };
  return [
    { ...one, id: `${documentId}-a`, signerId: 'me', signerName: 'Mia Signer', mine: true, state, group: 0 },
    {
      ...one,
      id: `${documentId}-b`,
      signerId: other.toLowerCase(),
      signerName: other,
      mine: false,
      state: state === 'signed' ? 'signed' : 'not-yet',
      group: 1,
    },
  ];
}

function formsOf(requests: readonly SignatureRequest[]): Form[] {
  return requests.map((request, i) => ({
    id: `form-${request.id}`,
    kind: 'signature',
    box: { page: 1, x: 10 + i * 40, y: 80, width: 30, height: 8 },
    moved: false,
    required: true,
    filled: request.state === 'signed',
    mine: request.mine,
    invisible: false,
    label: request.signerName,
    value: '',
    signatureRequestId: request.id,
  }));
}

function documentOf(random: Random, remoteId: string, index: number, status: TransactionStatus): TransactionDocument {
  const id = `${remoteId}-d${index}`;
  const signatureRequests = requestsOf(random, id, status);
  return {
    id,
    title: `${pick(random, subjects).toLowerCase().replaceAll(' ', '-')}-${Math.floor(random() * 9000) + 1000}.pdf`,
    currentResourceId: `${id}-r`,
    status: status === 'signed' ? 'signed' : 'plain',
    forms: formsOf(signatureRequests),
    signatureRequests,
  };
}

export interface ManyOptions {
  readonly seed: number;
  readonly count: number;
  /** Transactions go to them in turn, most to the first. */
  readonly accountIds: readonly string[];
  /** Epoch milliseconds of the newest change; the oldest lies three years before. */
  readonly newestAt: number;
}

const THREE_YEARS_MS = 3 * 365 * 24 * 3600_000;
const DAY_MS = 24 * 3600_000;
/** Documents of a transaction: two and a half on average. */
const documentCounts = [1, 2, 2, 5];

/** Newest first, as a first sync reads them. */
export function* manyTransactions({ seed, count, accountIds, newestAt }: ManyOptions): Generator<Transaction> {
  const random = seededRandom(seed);
  const senders = Array.from({ length: 400 }, () => personName(random));
  const stepMs = THREE_YEARS_MS / Math.max(1, count);
  for (let i = 0; i < count; i++) {
    const remoteId = `t${String(i).padStart(6, '0')}`;
    const accountId = pickUneven(random, accountIds);
    const status = statusOf(random);
    const updatedAt = Math.floor(newestAt - i * stepMs - random() * stepMs);
    const isOpen = status === 'to-sign' || status === 'to-fill' || status === 'waiting';
    const tags = new Set(Array.from({ length: Math.floor(random() * 3) }, () => pickUneven(random, tagNames)));
    yield {
      id: `${accountId}:${remoteId}`,
      accountId,
      provider: 'signing-today',
      remoteId,
      title: `${pick(random, subjects)} ${pick(random, places)} ${1000 + Math.floor(random() * 90_000)}`,
      status,
      urgent: random() < 0.05,
      tags: [...tags],
      senderName: pickUneven(random, senders),
      createdAt: updatedAt - Math.floor(random() * 30 * DAY_MS),
      updatedAt,
      ...(isOpen && random() < 0.6 ? { expiresAt: updatedAt + Math.floor(random() * 60 * DAY_MS) } : {}),
      documents: Array.from({ length: pick(random, documentCounts) }, (_, n) =>
        documentOf(random, remoteId, n, status),
      ),
    };
  }
}
