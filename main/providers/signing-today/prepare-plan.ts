/** From what a preparer laid out to the sign plans of a DST. */
import { z } from 'zod';
import type {
  PercentBox,
  PreparedDocument,
  PreparedSigner,
  PreparedTransaction,
  RoleChoice,
} from '../../../preload/model.ts';
import { moveInside, PlanError } from '../provider.ts';
import type { WireForm, WirePlan, WireRequest, WireSigner } from './dst-workflow.ts';

export type DocumentPlan = WirePlan & { readonly id: number };

/** A person as a signer, without what makes them one of a plan. */
export function toPerson(person: Omit<PreparedSigner, 'key' | 'role'>): Omit<WireSigner, 'id'> {
  const { id: _id, ...wire } = toSigner({ key: '', ...person }, 0);
  return wire;
}

function toSigner({ name, email, userId, role }: PreparedSigner, id: number): WireSigner {
  const [first = '', ...rest] = name.trim().split(/\s+/);
  return {
    id,
    ...(first === '' ? {} : { name: first, surname: rest.join(' ') }),
    ...(email === '' ? {} : { email }),
    ...(userId === undefined ? {} : { userUUID: userId }),
    ...(role === undefined ? {} : { role, templateLabel: role }),
  };
}

/** A place is given in hundredths of a percent, on the page. */
function toPlace(given: PercentBox) {
  const { page, x, y, width, height } = moveInside(given).box;
  const round = (value: number) => Math.round(value * 100) / 100;
  return { page, positionX: round(x), positionY: round(y), width: round(width), height: round(height) };
}

/**
 * A document's plan. Only who is asked for something on it is in its groups; a group nobody is left of goes.
 * @throws PlanError naming the place at fault, e.g. `documents.0.fields.2.signer`
 */
function toPlan(
  document: PreparedDocument,
  groups: readonly (readonly PreparedSigner[])[],
  at: string,
  nextId: () => number,
): DocumentPlan {
  const documentId = nextId();
  const asked = new Set([...document.requests, ...document.fields].map(({ signer }) => signer));
  const ids = new Map<string, number>();
  const signerGroups = groups
    .map((group) => group.filter(({ key }) => asked.has(key)))
    .filter((group) => group.length > 0)
    .map((group) => ({
      signers: group.map((signer) => {
        const id = nextId();
        ids.set(signer.key, id);
        return toSigner(signer, id);
      }),
    }));
  const idOf = (signer: string, where: string) => {
    const id = ids.get(signer);
    if (id === undefined) throw new PlanError(`${at}.${where}.signer`);
    return id;
  };
  const requests = new Map<string, number>();
  const signatureRequests = document.requests.map((request, index): WireRequest => {
    if (requests.has(request.signer)) throw new PlanError(`${at}.requests.${index}.signer`);
    const id = nextId();
    requests.set(request.signer, id);
    return {
      id,
      reason: request.reason,
      description: '',
      signerId: idOf(request.signer, `requests.${index}`),
      signProfile: request.profile,
      withTimestamp: request.withTimestamp,
      declinable: request.declinable,
      restrictions: [],
    };
  });
  if (new Set(document.requests.map(({ profile }) => profile)).size > 1) throw new PlanError(`${at}.requests`);
  const forms = document.fields.map((field, index): WireForm => {
    const request = requests.get(field.signer);
    if (field.kind === 'signature' && request === undefined) throw new PlanError(`${at}.fields.${index}.signer`);
    const isText = field.kind === 'text';
    return {
      id: nextId(),
      documentId,
      type: isText ? 'TextForm' : 'SignatureForm',
      ...toPlace(field.box),
      signerId: idOf(field.signer, `fields.${index}`),
      toFill: isText,
      invisible: false,
      extraData: {
        ...(isText || request === undefined ? {} : { signatureRequestId: request }),
        ...(field.label ? { label: field.label } : {}),
      },
    };
  });
  return { id: documentId, signerGroups, signatureRequests, forms };
}

/** @throws PlanError */
export function toPlans({ documents, signerGroups, template }: PreparedTransaction): DocumentPlan[] {
  const signers = signerGroups.flat();
  const keys = new Set(signers.map(({ key }) => key));
  if (keys.size !== signers.length) throw new PlanError('signerGroups');
  for (const [index, { email, userId, role }] of signers.entries()) {
    const isSomebody = email !== '' || userId !== undefined || (template !== 'no' && Boolean(role));
    if (!isSomebody) throw new PlanError(`signerGroups.${index}`);
  }
  let last = 0;
  const nextId = () => ++last;
  return documents.map((document, index) => toPlan(document, signerGroups, `documents.${index}`, nextId));
}

const rawSigner = z.looseObject({ role: z.string().nullish(), templateLabel: z.string().nullish() });
const rawDocuments = z.array(
  z.looseObject({ signerGroups: z.array(z.looseObject({ signers: z.array(rawSigner).nullish() })).nullish() }),
);

/** The DST with people in the place of roles; all else of it as it came. */
export function withRoles(
  raw: Readonly<Record<string, unknown>>,
  roles: readonly RoleChoice[],
): Record<string, unknown> {
  const documents = rawDocuments.safeParse(raw.documents ?? []);
  if (!documents.success) return { ...raw };
  const personFor = (signer: z.infer<typeof rawSigner>) =>
    roles.find(({ role }) =>
      [signer.templateLabel, signer.role].some((each) => each?.toLowerCase() === role.toLowerCase()),
    );
  const put = (signer: z.infer<typeof rawSigner>) => {
    const choice = personFor(signer);
    if (!choice) return signer;
    return { ...signer, ...toPerson(choice.person) };
  };
  return {
    ...raw,
    documents: documents.data.map((document) => ({
      ...document,
      signerGroups: (document.signerGroups ?? []).map((group) => ({
        ...group,
        signers: (group.signers ?? []).map(put),
      })),
    })),
  };
}
