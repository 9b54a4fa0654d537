/** The demo's inbox on paper: who sent what, who is to sign where, and what has happened since. */
import type { SampleName } from './samples/index.ts';

/** The demo's user, a colleague who signs too, and the secretary who sends. */
export type Person = 'me' | 'janis' | 'ilze';

export type DemoAction = 'sign' | 'fill+sign' | 'decline' | 'wait' | 'none';

export interface PlannedRequest {
  readonly by: Person;
  /** One of the sample's places; without one, or a box, the signature has no form. */
  readonly place?: string;
  /** Percent of the page, instead of a place of the sample's. */
  readonly box?: {
    readonly page: number;
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
  };
  readonly invisible?: boolean;
  readonly reason?: string;
  readonly declinable?: boolean;
}

export interface PlannedDocument {
  readonly sample: SampleName;
  /** In signing order. */
  readonly groups: readonly (readonly Person[])[];
  readonly requests: readonly PlannedRequest[];
  /** Text forms at the sample's blanks, and who fills them. */
  readonly blanks?: { readonly by: Person; readonly places: readonly string[] };
}

/** What has happened since it was sent, in order. `document` and `request` count from 0. */
export type PlannedEvent =
  | { readonly kind: 'signed'; readonly request: number }
  | { readonly kind: 'declined'; readonly request: number; readonly reason: string }
  | { readonly kind: 'note'; readonly by: Person; readonly text: string };

export interface PlannedDst {
  readonly title: string;
  readonly action: DemoAction;
  readonly from: Person;
  readonly daysAgo: number;
  readonly documents: readonly PlannedDocument[];
  readonly events?: readonly PlannedEvent[];
  readonly urgent?: boolean;
  readonly tags?: readonly string[];
  /** Negative: it has expired. */
  readonly expiresInDays?: number;
  readonly draft?: boolean;
  readonly errorMessage?: string;
}

/** A blank's label, and what the demo writes there. */
export const blanks: Readonly<Record<string, { readonly label: string; readonly value: string }>> = {
  'full-name': { label: 'Full name', value: 'Marta Kalniņa' },
  born: { label: 'Date of birth', value: '12 May 1984' },
  address: { label: 'Street and number', value: 'Upes iela 7' },
  town: { label: 'Postcode and town', value: 'LV-1010 Rīga' },
  telephone: { label: 'Telephone', value: '+371 2000 0000' },
  emergency: { label: 'To be called in an emergency', value: 'Jānis Bērziņš, +371 2000 0001' },
};

const allBlanks = Object.keys(blanks);

const toSign: readonly PlannedDst[] = [
  {
    title: 'Deed of gift “Harbour in the Morning”',
    action: 'sign',
    from: 'ilze',
    daysAgo: 1,
    documents: [
      {
        sample: 'classic-xref',
        groups: [['me'], ['janis']],
        requests: [
          { by: 'me', place: 'museum', reason: 'Accepted for the museum' },
          { by: 'janis', place: 'witness', reason: 'Witnessed' },
        ],
      },
    ],
    events: [{ kind: 'note', by: 'ilze', text: 'The donor signs on paper at the opening; we need ours first.' }],
  },
  {
    title: 'Residential lease, Flat 9',
    action: 'sign',
    from: 'janis',
    daysAgo: 2,
    documents: [
      { sample: 'object-streams', groups: [['me']], requests: [{ by: 'me', place: 'tenant', reason: 'Agreed' }] },
    ],
    tags: ['housing'],
  },
  {
    title: 'Schedule of works, Old Granary: sheets 2 and 4',
    action: 'sign',
    from: 'ilze',
    daysAgo: 3,
    documents: [
      {
        sample: 'rotated-pages',
        groups: [['me']],
        requests: [
          { by: 'me', place: 'carpenter', reason: 'Sheet 2 checked' },
          { by: 'me', place: 'joiner', reason: 'Sheet 4 checked' },
        ],
      },
    ],
    events: [{ kind: 'note', by: 'ilze', text: 'Two signatures of yours, please: one on each turned sheet.' }],
    tags: ['building'],
  },
  {
    title: 'Schedule of works, Old Granary: sheet 3',
    action: 'sign',
    from: 'ilze',
    daysAgo: 3,
    documents: [{ sample: 'rotated-pages', groups: [['me']], requests: [{ by: 'me', place: 'mason' }] }],
    tags: ['building'],
  },
  {
    title: 'Consent to an operation',
    action: 'sign',
    from: 'janis',
    daysAgo: 0,
    documents: [
      { sample: 'crop-box', groups: [['me']], requests: [{ by: 'me', place: 'patient', reason: 'I consent' }] },
    ],
    events: [
      { kind: 'note', by: 'janis', text: 'Please sign by tomorrow evening, the theatre is booked for nine.' },
      { kind: 'note', by: 'me', text: 'I will read it tonight.' },
    ],
    urgent: true,
    tags: ['health', 'this week'],
    expiresInDays: 2,
  },
  {
    title: 'Power of attorney, berth 18',
    action: 'sign',
    from: 'ilze',
    daysAgo: 4,
    documents: [{ sample: 'empty-field', groups: [['me']], requests: [{ by: 'me', place: 'principal' }] }],
  },
  {
    title: 'Loan agreement, planing machine',
    action: 'sign',
    from: 'ilze',
    daysAgo: 0,
    documents: [
      { sample: 'signed-by-other', groups: [['me']], requests: [{ by: 'me', place: 'borrower', reason: 'Agreed' }] },
    ],
    events: [{ kind: 'note', by: 'ilze', text: 'The credit union signed before it sent the file.' }],
    tags: ['money'],
  },
  {
    title: 'Inventory of the depot',
    action: 'sign',
    from: 'janis',
    daysAgo: 6,
    documents: [
      {
        sample: 'three-hundred-pages',
        groups: [['me']],
        requests: [{ by: 'me', place: 'keeper', reason: 'Taken with a second person' }],
      },
    ],
  },
  {
    title: 'Protocol of a handover, House by the lock',
    action: 'sign',
    from: 'janis',
    daysAgo: 5,
    documents: [
      { sample: 'twenty-megabytes', groups: [['me']], requests: [{ by: 'me', place: 'buyer', reason: 'Received' }] },
    ],
    tags: ['housing'],
    expiresInDays: 20,
  },
  {
    title: 'Application for membership',
    action: 'fill+sign',
    from: 'ilze',
    daysAgo: 2,
    documents: [
      {
        sample: 'text-forms',
        groups: [['me']],
        requests: [{ by: 'me', place: 'applicant' }],
        blanks: { by: 'me', places: allBlanks },
      },
    ],
    events: [{ kind: 'note', by: 'ilze', text: 'Welcome! Fill in the six lines, then sign.' }],
  },
  {
    title: 'Minutes of the general meeting',
    action: 'sign',
    from: 'ilze',
    daysAgo: 7,
    documents: [
      {
        sample: 'incremental-update',
        groups: [['me']],
        requests: [{ by: 'me', place: 'secretary', invisible: true, reason: 'Minutes taken' }],
      },
    ],
  },
  {
    title: 'Contract of employment, conservator',
    action: 'sign',
    from: 'janis',
    daysAgo: 8,
    documents: [
      {
        sample: 'hybrid-xref',
        groups: [['janis'], ['me']],
        requests: [
          { by: 'janis', place: 'employer', reason: 'For the archive' },
          { by: 'me', place: 'employee', reason: 'Agreed' },
        ],
      },
    ],
    events: [
      { kind: 'signed', request: 0 },
      { kind: 'note', by: 'janis', text: 'Signed on our side. Your turn.' },
    ],
  },
  {
    title: 'Договір про надання послуг',
    action: 'sign',
    from: 'ilze',
    daysAgo: 9,
    documents: [{ sample: 'non-latin', groups: [['me']], requests: [{ by: 'me', place: 'translator' }] }],
  },
  {
    title: 'Application for membership, the board’s copy',
    action: 'sign',
    from: 'janis',
    daysAgo: 10,
    documents: [
      {
        sample: 'text-forms',
        groups: [['me']],
        // The vendor's own sample has a box that begins at the page's right edge.
        requests: [{ by: 'me', box: { page: 1, x: 100, y: 58.14, width: 10.1, height: 5.66 }, reason: 'Admitted' }],
      },
    ],
  },
  {
    title: 'Deed and inventory for the registry',
    action: 'sign',
    from: 'ilze',
    daysAgo: 1,
    documents: [
      { sample: 'classic-xref', groups: [['me', 'janis']], requests: [{ by: 'me' }, { by: 'janis', place: 'donor' }] },
      { sample: 'incremental-update', groups: [['me']], requests: [{ by: 'me', place: 'chair' }] },
    ],
  },
];

const notToSign: readonly PlannedDst[] = [
  {
    title: 'Residential lease, Flat 9, second draft (to be declined)',
    action: 'decline',
    from: 'janis',
    daysAgo: 1,
    documents: [
      { sample: 'object-streams', groups: [['me']], requests: [{ by: 'me', place: 'tenant', declinable: true }] },
    ],
    events: [{ kind: 'note', by: 'janis', text: 'Clause 3 has the new rent. Decline if that was not agreed.' }],
  },
  {
    title: 'Consent, the surgeon signs first',
    action: 'wait',
    from: 'ilze',
    daysAgo: 1,
    documents: [
      {
        sample: 'crop-box',
        groups: [['janis'], ['me']],
        requests: [
          { by: 'janis', place: 'surgeon' },
          { by: 'me', place: 'patient' },
        ],
      },
    ],
  },
  {
    title: 'Application for membership, Jānis',
    action: 'wait',
    from: 'ilze',
    daysAgo: 3,
    documents: [
      {
        sample: 'text-forms',
        groups: [['janis', 'me']],
        requests: [
          { by: 'janis', place: 'applicant' },
          { by: 'me', place: 'board', reason: 'Admitted' },
        ],
        blanks: { by: 'janis', places: ['full-name', 'telephone'] },
      },
    ],
  },
  {
    title: 'Minutes of last year’s meeting',
    action: 'none',
    from: 'ilze',
    daysAgo: 40,
    documents: [
      {
        sample: 'incremental-update',
        groups: [['janis', 'me']],
        requests: [
          { by: 'janis', place: 'chair', reason: 'Approved' },
          { by: 'me', place: 'secretary', reason: 'Minutes taken' },
        ],
      },
    ],
    events: [
      { kind: 'signed', request: 0 },
      { kind: 'signed', request: 1 },
    ],
  },
  {
    title: 'Contract of employment, first offer',
    action: 'none',
    from: 'ilze',
    daysAgo: 20,
    documents: [
      {
        sample: 'hybrid-xref',
        groups: [['janis', 'me']],
        requests: [
          { by: 'janis', place: 'employer', declinable: true },
          { by: 'me', place: 'employee' },
        ],
      },
    ],
    events: [{ kind: 'declined', request: 0, reason: 'The hours in clause 3 are not those of the announcement.' }],
  },
  {
    title: 'Schedule of works, last spring’s offer',
    action: 'none',
    from: 'janis',
    daysAgo: 60,
    documents: [{ sample: 'rotated-pages', groups: [['me']], requests: [{ by: 'me', place: 'client' }] }],
    tags: ['building'],
    expiresInDays: -5,
  },
  {
    title: 'Power of attorney, berth 19',
    action: 'none',
    from: 'me',
    daysAgo: 1,
    documents: [{ sample: 'empty-field', groups: [['janis']], requests: [{ by: 'janis', place: 'principal' }] }],
    draft: true,
  },
  {
    title: 'Deed of gift, torn scan',
    action: 'none',
    from: 'janis',
    daysAgo: 12,
    documents: [{ sample: 'classic-xref', groups: [['me']], requests: [{ by: 'me', place: 'museum' }] }],
    errorMessage: 'The document could not be fetched from the archive.',
  },
];

export const demoPlan: readonly PlannedDst[] = [...toSign, ...notToSign];
