/** What is drawn over a document's pages: places of signatures and of fields to fill, in percent of the page as displayed. */
import type { Form, PercentBox, SignatureRequest, TransactionDocument } from '../../../preload/model.ts';

/** A form's key among all documents of a transaction: form ids are unique within one document only. */
export function fieldKey(documentId: string, formId: string): string {
  return `${documentId}/${formId}`;
}

export interface PageMark {
  /** See fieldKey. */
  readonly key: string;
  readonly box: PercentBox;
  readonly kind: 'my-signature' | 'other-signature' | 'fill';
  readonly form: Form;
}

/** Of the forms that have a place and are still open; mine are told from others'. */
export function pageMarks(document: Pick<TransactionDocument, 'id' | 'forms' | 'signatureRequests'>): PageMark[] {
  const requests = new Map(document.signatureRequests.map((request) => [request.id, request]));
  return document.forms.flatMap((form): PageMark[] => {
    if (!form.box || form.filled) return [];
    const at = { key: fieldKey(document.id, form.id), box: form.box, form };
    if (form.kind === 'text') return form.mine ? [{ ...at, kind: 'fill' }] : [];
    if (form.invisible) return [];
    const request = form.signatureRequestId === undefined ? undefined : requests.get(form.signatureRequestId);
    if (request && (request.state === 'signed' || request.state === 'declined')) return [];
    const mine = request ? request.mine : form.mine;
    return [{ ...at, kind: mine ? 'my-signature' : 'other-signature' }];
  });
}

/** A request of mine whose sender says of no place for its mark, nor that it is to be invisible: the place is the person's. */
export function freelyPlaced(
  document: Pick<TransactionDocument, 'forms' | 'signatureRequests'>,
): SignatureRequest | undefined {
  const isPlaced = (id: string) => document.forms.some((f) => f.kind === 'signature' && f.signatureRequestId === id);
  return document.signatureRequests.find(
    ({ id, mine, state, profile }) => mine && state === 'ready' && profile === 'PAdES' && !isPlaced(id),
  );
}

/** Forms the person is to fill, in reading order of their places; those without a place come last. */
export function formsToFill(document: Pick<TransactionDocument, 'forms'>): Form[] {
  const open = document.forms.filter((form) => form.kind === 'text' && form.mine && !form.filled);
  const place = ({ box }: Form) => (box ? box.page * 10_000 + box.y * 100 + box.x / 100 : Number.POSITIVE_INFINITY);
  return open.sort((a, b) => place(a) - place(b));
}

/** The box as CSS, kept inside the page. */
export function boxStyle({ x, y, width, height }: PercentBox): Record<'left' | 'top' | 'width' | 'height', string> {
  const left = Math.max(0, Math.min(100, x));
  const top = Math.max(0, Math.min(100, y));
  return {
    left: `${left}%`,
    top: `${top}%`,
    width: `${Math.max(0, Math.min(100 - left, width))}%`,
    height: `${Math.max(0, Math.min(100 - top, height))}%`,
  };
}
