/** The scripted desk's inbox: transactions over the sandbox's real PDF samples, and as many more rows as a test wants. */
import type { Form, Note, SignatureRequest, Transaction, TransactionDocument } from '../../preload/model.ts';
import type { Sample, SampleName } from '../sandbox/samples/index.ts';

const DAY_MS = 86_400_000;
const ME = 'Marta Kalniņa';

interface Plan {
  readonly title: string;
  readonly from: string;
  readonly status: Transaction['status'];
  readonly sample: SampleName;
  /** Places of the sample I sign at. */
  readonly sign?: readonly string[];
  readonly fill?: readonly string[];
  readonly daysAgo: number;
  readonly dueInDays?: number;
  readonly urgent?: boolean;
  readonly tags?: readonly string[];
  readonly notes?: readonly string[];
  readonly declinable?: boolean;
  /** I sign, and the sender says nothing of where. */
  readonly free?: boolean;
  /** Titles of documents that are there to be read. */
  readonly attached?: readonly string[];
}

const plans: readonly Plan[] = [
  {
    title: 'Consent to an operation',
    from: 'Jānis Bērziņš',
    status: 'to-sign',
    sample: 'crop-box',
    sign: ['patient'],
    daysAgo: 0.1,
    dueInDays: 2,
    urgent: true,
    tags: ['health', 'this week'],
    notes: ['Please sign by tomorrow evening, the theatre is booked for nine.'],
    declinable: true,
  },
  {
    title: 'Deed of gift “Harbour in the Morning”',
    from: 'Ilze Ozola',
    status: 'to-sign',
    sample: 'classic-xref',
    sign: ['museum'],
    daysAgo: 1,
    notes: ['The donor signs on paper at the opening; we need ours first.'],
    declinable: true,
  },
  {
    title: 'Residential lease, Flat 9',
    from: 'Jānis Bērziņš',
    status: 'to-sign',
    sample: 'object-streams',
    sign: ['tenant'],
    daysAgo: 2,
    tags: ['housing'],
  },
  {
    title:
      'Schedule of works for the restoration of the Old Granary and of its two annexes by the lock, sheets 2 and 4',
    from: 'Building office of the municipality of Lower Saltmarsh and Upper Saltmarsh',
    status: 'to-sign',
    sample: 'rotated-pages',
    sign: ['carpenter', 'joiner'],
    daysAgo: 3,
    dueInDays: -1,
    tags: ['building', 'municipality', 'restoration'],
  },
  {
    title: 'Application for membership',
    from: 'Ilze Ozola',
    status: 'to-fill',
    sample: 'text-forms',
    sign: ['applicant'],
    fill: ['full-name', 'born', 'address', 'town', 'telephone', 'emergency'],
    daysAgo: 2,
    notes: ['Welcome! Fill in the six lines, then sign.'],
  },
  {
    title: 'Inventory of the depot',
    from: 'Jānis Bērziņš',
    status: 'to-sign',
    sample: 'three-hundred-pages',
    sign: ['keeper'],
    daysAgo: 6,
  },
  {
    title: 'Protocol of a handover, House by the lock',
    from: 'Jānis Bērziņš',
    status: 'to-sign',
    sample: 'twenty-megabytes',
    sign: ['buyer'],
    daysAgo: 5,
    dueInDays: 20,
  },
  { title: 'Power of attorney, berth 18', from: 'Ilze Ozola', status: 'waiting', sample: 'empty-field', daysAgo: 4 },
  { title: 'Service contract, lift', from: 'Ilze Ozola', status: 'signed', sample: 'hybrid-xref', daysAgo: 30 },
  { title: 'Cottage lease 2024', from: 'Jānis Bērziņš', status: 'declined', sample: 'object-streams', daysAgo: 12 },
  { title: 'Parking permit', from: 'Ilze Ozola', status: 'expired', sample: 'classic-xref', daysAgo: 40 },
];

export interface ScriptedTransaction {
  transaction: Transaction;
  notes: Note[];
  readonly sample: Sample;
}

function signature(id: string, group: number, plan: Plan): SignatureRequest {
  return {
    id,
    signerId: 'me',
    signerName: ME,
    mine: true,
    reason: 'Agreed',
    profile: 'PAdES',
    withTimestamp: true,
    declinable: plan.declinable ?? false,
    state: 'ready',
    group,
    restrictions: [],
  };
}

function other(group: number, state: SignatureRequest['state']): SignatureRequest {
  return {
    id: `other-${group}`,
    signerId: 'janis',
    signerName: 'Jānis Bērziņš',
    mine: false,
    reason: 'Witnessed',
    profile: 'PAdES',
    withTimestamp: false,
    declinable: false,
    state,
    group,
    restrictions: [],
  };
}

function formAt(sample: Sample, name: string, facts: Pick<Form, 'kind' | 'label'> & Partial<Form>): Form {
  const place = sample.places[name];
  if (!place) throw new Error(`sample ${sample.name} has no place ${name}`);
  const { page, positionX: x, positionY: y, width, height } = place;
  return {
    id: name,
    box: { page, x, y, width, height },
    moved: false,
    required: true,
    filled: false,
    mine: true,
    invisible: false,
    value: '',
    ...facts,
  };
}

const words = (name: string) => name.charAt(0).toUpperCase() + name.slice(1).replaceAll('-', ' ');

function documentOf(plan: Plan, sample: Sample): TransactionDocument {
  const places = plan.free ? ['anywhere'] : (plan.sign ?? []);
  const requests = places.map((_, i) => signature(`request-${i}`, i, plan));
  const theirs = other(requests.length, plan.status === 'signed' ? 'signed' : 'not-yet');
  return {
    id: 'document-1',
    title: sample.title,
    currentResourceId: 'resource-1',
    status: 'plain',
    forms: [
      ...(plan.fill ?? []).map((name) => formAt(sample, name, { kind: 'text', label: words(name) })),
      ...(plan.sign ?? []).map((name, i) =>
        formAt(sample, name, { kind: 'signature', label: '', signatureRequestId: `request-${i}` }),
      ),
    ],
    signatureRequests: plan.status === 'waiting' || places.length > 0 ? [...requests, theirs] : [],
  };
}

function scripted(plan: Plan, index: number, samples: ReadonlyMap<string, Sample>, now: number): ScriptedTransaction {
  const sample = samples.get(plan.sample);
  if (!sample) throw new Error(`no sample ${plan.sample}`);
  const id = `account-1:${index + 1}`;
  const createdAt = now - plan.daysAgo * DAY_MS;
  const notes = (plan.notes ?? []).map((text, i) => ({
    id: `note-${i}`,
    authorId: 'ilze',
    authorName: plan.from,
    mine: false,
    text,
    createdAt: createdAt + 60_000 * i,
    unsent: false,
  }));
  const transaction: Transaction = {
    id,
    accountId: 'account-1',
    provider: 'signing-today',
    remoteId: String(index + 1),
    title: plan.title,
    status: plan.status,
    urgent: plan.urgent ?? false,
    tags: [...(plan.tags ?? [])],
    senderName: plan.from,
    createdAt,
    updatedAt: createdAt,
    ...(plan.dueInDays === undefined ? {} : { expiresAt: now + plan.dueInDays * DAY_MS }),
    documents: [
      documentOf(plan, sample),
      ...(plan.attached ?? []).map((title, i) => ({
        ...{ id: `attached-${i}`, title, currentResourceId: `attached-${i}`, status: 'plain' as const },
        ...{ forms: [], signatureRequests: [] },
      })),
    ],
  };
  return { transaction, notes, sample };
}

/** The plans' transactions, then `more` signed ones to scroll through and `deeds` to sign. */
export function scriptedTransactions(
  samples: readonly Sample[],
  now: number,
  more = 0,
  deeds = 0,
  free = false,
): ScriptedTransaction[] {
  const byName = new Map(samples.map((sample) => [sample.name, sample]));
  const bulk = Array.from(
    { length: more },
    (_, i): Plan => ({
      title: `Purchase order ${String(i + 1).padStart(5, '0')}`,
      from: 'Ilze Ozola',
      status: 'signed',
      sample: 'classic-xref',
      daysAgo: 60 + i / 10,
    }),
  );
  const toSign = Array.from(
    { length: deeds },
    (_, i): Plan => ({
      title: `Deed ${String(i + 1).padStart(2, '0')}`,
      from: 'Ilze Ozola',
      status: 'to-sign',
      sample: 'classic-xref',
      sign: ['museum'],
      daysAgo: 90 + i,
    }),
  );
  const receipt: Plan = {
    title: 'Receipt for a deposit',
    from: 'Ilze Ozola',
    status: 'to-sign',
    sample: 'classic-xref',
    free: true,
    attached: ['House rules', 'Plan of the cellar'],
    daysAgo: 0.5,
  };
  return [...plans, ...bulk, ...toSign, ...(free ? [receipt] : [])].map((plan, i) => scripted(plan, i, byName, now));
}
