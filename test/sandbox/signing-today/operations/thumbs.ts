/** Thumbnails of a PDF resource's pages. */
import { Readable } from 'node:stream';
import { type Answer, bytes } from '../answers.ts';
import { isVisibleTo } from '../bearer.ts';
import { gather } from '../content-store.ts';
import { notFound, refusal } from '../errors.ts';
import type { Route, UserCall } from '../router.ts';
import { renderThumb } from '../thumbs.ts';

const WIDEST = 2000;
const USUAL = 200;

function parseNumber(text: string | null, most: number, target: string): number {
  const number = /^\d{1,9}$/.test(text ?? '') ? Number(text) : 0;
  if (number < 1 || number > most) throw refusal(400, 'invalid', `A number from 1 to ${most}`, target);
  return number;
}

async function thumb({ state: { ledger }, user, params, query }: UserCall): Promise<Answer> {
  const id = params.id ?? '';
  const record = ledger.ownerOf(id);
  const content = record?.contents[id];
  if (!record || !content || !isVisibleTo(record, user)) throw notFound('resource');
  if (content.kind !== 'pdf') throw refusal(400, 'not-a-pdf', 'The resource is no PDF', 'id');
  const pages = record.dst.resources.find((each) => each.id === id)?.pages;
  const page = parseNumber(query.get('page'), pages ?? 1_000_000, 'page');
  const width = query.has('width') ? parseNumber(query.get('width'), WIDEST, 'width') : USUAL;
  const jpeg = await renderThumb(await gather(ledger.contents.stream(id)), page, width);
  if (!jpeg) throw refusal(400, 'not-a-page', 'The page cannot be shown', 'page');
  const answer = bytes(jpeg.length, () => Readable.from([jpeg], { objectMode: false }));
  return { ...answer, headers: { 'content-type': 'image/jpeg' } };
}

export const thumbs: readonly Route[] = [
  {
    operationId: 'pdfResourceIdThumbsGET',
    method: 'GET',
    path: '/pdfResource/{id}/thumbs',
    auth: 'bearer',
    run: thumb,
  },
];
