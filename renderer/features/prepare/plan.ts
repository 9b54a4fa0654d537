/** What is being prepared, and its changes: signers with their place in the order, documents, fields on the pages. Pure. */
import type { CallInput } from '../../../preload/contract.ts';
import type { FileView, PercentBox, PreparedPerson } from '../../../preload/model.ts';

export interface PlanSigner {
  readonly key: string;
  readonly name: string;
  readonly email: string;
  /** Their id at the provider, of somebody of the organisation. */
  readonly userId: string | undefined;
  /** When they sign, from 1; the same number signs in parallel. */
  readonly order: number;
  /** In a template: whose place it is, in place of a person. */
  readonly role: string;
  /** Stands in their signature. */
  readonly reason: string;
  readonly declinable: boolean;
}

export interface PlanField {
  readonly key: string;
  readonly fileId: string;
  readonly kind: 'signature' | 'text';
  readonly signer: string;
  readonly box: PercentBox;
  /** What a text is for. */
  readonly label: string;
}

export interface Plan {
  readonly title: string;
  readonly signers: readonly PlanSigner[];
  readonly files: readonly FileView[];
  readonly fields: readonly PlanField[];
  readonly tags: readonly string[];
  readonly urgent: boolean;
  /** `2026-12-31`, or empty. */
  readonly expires: string;
  readonly cc: readonly PreparedPerson[];
  readonly template: 'no' | 'own' | 'public';
  readonly profile: 'PAdES' | 'CAdES';
  readonly withTimestamp: boolean;
  /** Counts up: keys of what is added. */
  readonly lastKey: number;
}

const noSigner = { name: '', email: '', userId: undefined, role: '', reason: '', declinable: true } as const;
const firstSigner: PlanSigner = { ...noSigner, key: 's1', order: 1 };

export const emptyPlan: Plan = {
  title: '',
  signers: [firstSigner],
  files: [],
  fields: [],
  tags: [],
  urgent: false,
  expires: '',
  cc: [],
  template: 'no',
  profile: 'PAdES',
  withTimestamp: false,
  lastKey: 1,
};

export type PlanChange =
  | { readonly kind: 'set'; readonly values: Partial<Omit<Plan, 'signers' | 'files' | 'fields' | 'lastKey'>> }
  | { readonly kind: 'files-added'; readonly files: readonly FileView[] }
  | { readonly kind: 'file-removed'; readonly fileId: string }
  | { readonly kind: 'signer-added' }
  | { readonly kind: 'signer-set'; readonly key: string; readonly values: Partial<Omit<PlanSigner, 'key'>> }
  | { readonly kind: 'signer-removed'; readonly key: string }
  | { readonly kind: 'field-added'; readonly field: Omit<PlanField, 'key'> }
  | { readonly kind: 'field-moved'; readonly key: string; readonly box: PercentBox }
  | { readonly kind: 'field-removed'; readonly key: string }
  | { readonly kind: 'cleared' };

const titleOf = (name: string) => name.replace(/\.pdf$/i, '');

/** Kept on its page and no smaller than can be seen. */
export function keepOnPage({ page, x, y, width, height }: PercentBox): PercentBox {
  const w = Math.min(Math.max(width, 2), 100);
  const h = Math.min(Math.max(height, 1), 100);
  const round = (value: number) => Math.round(value * 100) / 100;
  const within = (value: number, most: number) => round(Math.min(Math.max(value, 0), most));
  return { page, x: within(x, 100 - w), y: within(y, 100 - h), width: round(w), height: round(h) };
}

export function changePlan(plan: Plan, change: PlanChange): Plan {
  const key = plan.lastKey + 1;
  switch (change.kind) {
    case 'set':
      return { ...plan, ...change.values };
    case 'files-added': {
      const files = [...plan.files, ...change.files.filter(({ kind }) => kind === 'pdf')];
      const title = plan.title === '' && files[0] ? titleOf(files[0].name) : plan.title;
      return { ...plan, files, title };
    }
    case 'file-removed':
      return {
        ...plan,
        files: plan.files.filter(({ id }) => id !== change.fileId),
        fields: plan.fields.filter(({ fileId }) => fileId !== change.fileId),
      };
    case 'signer-added': {
      const order = Math.max(0, ...plan.signers.map((each) => each.order)) + 1;
      return {
        ...plan,
        signers: [...plan.signers, { ...noSigner, key: `s${key}`, order }],
        lastKey: key,
      };
    }
    case 'signer-set':
      return {
        ...plan,
        signers: plan.signers.map((each) => (each.key === change.key ? { ...each, ...change.values } : each)),
      };
    case 'signer-removed':
      return {
        ...plan,
        signers: plan.signers.filter((each) => each.key !== change.key),
        fields: plan.fields.filter(({ signer }) => signer !== change.key),
      };
    case 'field-added': {
      const field = { ...change.field, key: `f${key}`, box: keepOnPage(change.field.box) };
      return { ...plan, fields: [...plan.fields, field], lastKey: key };
    }
    case 'field-moved':
      return {
        ...plan,
        fields: plan.fields.map((each) => (each.key === change.key ? { ...each, box: keepOnPage(change.box) } : each)),
      };
    case 'field-removed':
      return { ...plan, fields: plan.fields.filter((each) => each.key !== change.key) };
    case 'cleared':
      return emptyPlan;
  }
}

export type PlanLack = 'files' | 'title' | 'signers' | 'email' | 'role' | 'expired';

const isAddress = (text: string) => /^[^\s@<>]+@[^\s@<>]+$/.test(text);

/** What still has to be given before it can be made, in the order of the form. */
export function lacking(plan: Plan, now: number): PlanLack[] {
  const lacks: PlanLack[] = [];
  if (plan.files.length === 0) lacks.push('files');
  if (plan.title.trim() === '') lacks.push('title');
  if (plan.signers.length === 0) lacks.push('signers');
  if (plan.template === 'no') {
    if (plan.signers.some(({ email, userId }) => userId === undefined && !isAddress(email.trim()))) lacks.push('email');
  } else if (plan.signers.some(({ role }) => role.trim() === '')) lacks.push('role');
  const end = expiryOf(plan.expires);
  if (end !== undefined && end <= now) lacks.push('expired');
  return lacks;
}

/** The end of the day, where the person is. */
export function expiryOf(day: string): number | undefined {
  const [year, month, date] = day.split('-').map(Number);
  if (year === undefined || month === undefined || date === undefined || !/^\d{4}-\d\d-\d\d$/.test(day))
    return undefined;
  return new Date(year, month - 1, date, 23, 59, 59).getTime();
}

type Transaction = CallInput<'prepare.create'>['transaction'];
type Signer = Transaction['signerGroups'][number][number];

function toSigner({ key, name, email, userId, role }: PlanSigner, isRole: boolean): Signer {
  if (isRole) return { key, name: '', email: '', role: role.trim() };
  return { key, name: name.trim(), email: email.trim(), ...(userId === undefined ? {} : { userId }) };
}

/** Everybody is asked for a signature on every document. */
export function toTransaction(plan: Plan, publish: boolean): Transaction {
  const { template, profile, withTimestamp } = plan;
  const groups = new Map<number, PlanSigner[]>();
  for (const signer of plan.signers) groups.set(signer.order, [...(groups.get(signer.order) ?? []), signer]);
  const expiresAt = expiryOf(plan.expires);
  const request = ({ key, reason, declinable }: PlanSigner) => ({
    signer: key,
    reason: reason.trim(),
    profile,
    withTimestamp,
    declinable,
  });
  return {
    title: plan.title.trim(),
    tags: [...plan.tags],
    urgent: plan.urgent,
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ccUserIds: plan.cc.map(({ userId }) => userId),
    signerGroups: [...groups.entries()]
      .sort(([a], [b]) => a - b)
      .map(([, signers]) => signers.map((signer) => toSigner(signer, template !== 'no'))),
    documents: plan.files.map(({ id, name }) => ({
      fileId: id,
      title: titleOf(name),
      requests: plan.signers.map(request),
      fields: plan.fields
        .filter(({ fileId }) => fileId === id)
        .map(({ kind, signer, box, label }) => ({
          kind,
          signer,
          box,
          ...(label.trim() ? { label: label.trim() } : {}),
        })),
    })),
    template,
    publish,
  };
}
