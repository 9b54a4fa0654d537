/** Filling text forms: PATCH /DST/{id}/fill, one form a call, its text in extraData.value. */
import { z } from 'zod';
import type { Change, Observation } from '../provider.ts';
import { type DstRecord, fillForm } from './dsts.ts';
import {
  closedBecause,
  conflict,
  type HandInContext,
  impossible,
  readForChange,
  readToSend,
  type Verdict,
} from './hand-in.ts';
import type { Dst, FillableForm } from './schemas.ts';
import { isSigner, isTextForm, textOf } from './sign-plan.ts';
import { sameText } from './text.ts';

type FillChange = Extract<Change, { kind: 'fill' }>;
type Value = FillChange['values'][number];

function findForm(dst: Dst, value: Value): FillableForm | undefined {
  return dst.documents.find(({ id }) => id === value.documentId)?.forms.find(({ id }) => id === value.formId);
}

function isThere(form: FillableForm, value: Value): boolean {
  return (form.filled || value.value === '') && sameText(textOf(form), value.value);
}

function judgeValue(dst: Dst, value: Value, userId: string): Verdict {
  const document = dst.documents.find(({ id }) => id === value.documentId);
  const form = findForm(dst, value);
  if (!document || !form || !isTextForm(form)) return impossible('not-permitted');
  if (isThere(form, value)) return { kind: 'applied' };
  const closed = closedBecause(dst);
  if (closed) return impossible(closed);
  if (!isSigner(document, form.signerId, userId)) return impossible('not-permitted');
  // Something else was filled in, or the document was rendered without it.
  return form.filled || ['toSign', 'signed'].includes(dst.status) ? impossible('document-moved-on') : { kind: 'open' };
}

function judge(dst: Dst, change: FillChange, userId: string): Verdict {
  const verdicts = change.values.map((value) => judgeValue(dst, value, userId));
  return (
    verdicts.find(({ kind }) => kind === 'conflict') ??
    verdicts.find(({ kind }) => kind === 'open') ?? { kind: 'applied' }
  );
}

export async function observeFill(
  context: HandInContext,
  change: FillChange,
  signal: AbortSignal | undefined,
): Promise<Observation> {
  const record = await readForChange(context, change.remoteId, signal);
  if (typeof record === 'string') return conflict(record);
  const verdict = judge(record.dst, change, context.userId);
  if (verdict.kind === 'conflict') return verdict;
  if (verdict.kind === 'open') return { kind: 'not-applied', memo: {} };
  return { kind: 'applied', remoteTransaction: await context.toRemote(record.dst, signal) };
}

const rawForms = z.object({
  documents: z.array(z.object({ forms: z.array(z.record(z.string(), z.unknown())).nullish() })),
});

/** The form as the server gave it, with the text in it. */
function filledForm({ raw, dst }: DstRecord, value: Value): Record<string, unknown> | undefined {
  const documentIndex = dst.documents.findIndex(({ id }) => id === value.documentId);
  const formIndex = dst.documents[documentIndex]?.forms.findIndex(({ id }) => id === value.formId) ?? -1;
  const form = rawForms.parse(raw).documents[documentIndex]?.forms?.[formIndex];
  const known = findForm(dst, value)?.extraData ?? {};
  return form && { ...form, filled: true, extraData: { ...known, value: value.value } };
}

/** Fills what is not filled yet, in the order given. @throws ProviderError stale where the DST moved on since it was observed */
export async function sendFill(
  context: HandInContext,
  change: FillChange,
  signal: AbortSignal | undefined,
): Promise<void> {
  const record = await readToSend(context, change.remoteId, (dst) => judge(dst, change, context.userId), signal);
  if (!record) return;
  for (const value of change.values) {
    const current = findForm(record.dst, value);
    const form = filledForm(record, value);
    if (!current || !form || isThere(current, value)) continue;
    await fillForm(context.core, change.remoteId, form, signal);
  }
}
