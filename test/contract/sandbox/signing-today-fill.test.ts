/** Filling: the value is drawn where the form is on the page as displayed, as pdf.js lays it out. */
import { degrees, PDFDocument } from 'pdf-lib';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Dst, SeedForm } from '../../sandbox/signing-today/index.ts';
import { at, codesOf, idsOf, type Person, type Setup, setUp } from './signing-today-setup.ts';

let sandbox: Setup;
beforeEach(async () => {
  sandbox = await setUp();
});
afterEach(() => sandbox.server.stop());

const place = { page: 1, positionX: 25, positionY: 10, width: 50, height: 20 };

/** One text form for each named signer, and a signature for each. */
async function addForms(pdf: Uint8Array, forms: Partial<SeedForm>[], declinable = false): Promise<Dst> {
  const [a, b] = [sandbox.anna.user.id, sandbox.bruno.user.id];
  return sandbox.addDst(
    {},
    {
      pdf,
      forms: forms.map((form) => ({ type: 'TextForm' as const, ...place, signer: a, ...form })),
      signatureRequests: [
        { signer: a, declinable },
        { signer: b, declinable },
      ],
      signerGroups: [[a], [b]],
    },
  );
}

function fill(person: Person, dst: Dst, form: number, value: unknown) {
  const { documentId, forms } = idsOf(dst);
  const body = { ...dst.documents[0]?.forms[form], id: at(forms, form), documentId, extraData: { value } };
  return person.call('PATCH', `/DST/${dst.id}/fill`, body);
}

async function onePage(rotation = 0, cropped = false): Promise<Uint8Array> {
  const pdf = await PDFDocument.create();
  const page = pdf.addPage([400, 200]);
  page.setRotation(degrees(rotation));
  if (cropped) page.setCropBox(100, 50, 200, 100);
  return pdf.save();
}

/** The texts of the first page with the top left corner and the direction of each, in fractions of the page as displayed. */
async function shown(pdf: Uint8Array) {
  const task = getDocument({ data: pdf.slice(), useSystemFonts: false, verbosity: 0 });
  const page = await (await task.promise).getPage(1);
  const { transform, width, height } = page.getViewport({ scale: 1 });
  const { items } = await page.getTextContent();
  const found = items.flatMap((item) => {
    if (!('str' in item) || item.str.trim() === '') return [];
    const [a, b, c, d, e, f] = transform as [number, number, number, number, number, number];
    const [ta = 0, tb = 0, , , te = 0, tf = 0] = item.transform as number[];
    const size = Math.hypot(ta, tb);
    const [right, down] = [(a * ta + c * tb) / size, (b * ta + d * tb) / size];
    return [{ text: item.str, x: (a * te + c * tf + e) / width, y: (b * te + d * tf + f) / height, right, down }];
  });
  await task.destroy();
  return found;
}

describe('filling the forms of a DST', () => {
  it('is what the DST waits for first, whosever the forms are', async () => {
    const { anna, bruno } = sandbox;
    const dst = await addForms(await onePage(), [{}, { signer: bruno.user.id, positionY: 50 }]);
    expect(dst.status).toBe('toFill');
    expect((await anna.sign(dst.id, idsOf(dst).documentId, at(idsOf(dst).requests, 0))).status).toBe(409);

    const first = (await fill(bruno, dst, 1, 'Bruno Bassi')).json<Dst>();
    expect(first.status).toBe('toFill');
    expect(first.documents[0]).not.toHaveProperty('filledDocumentUuid');
    expect(first.documents[0]?.forms.map(({ filled }) => filled)).toEqual([false, true]);

    const second = (await fill(anna, dst, 0, 'Łucja Ελένη')).json<Dst>();
    expect(second).toMatchObject({ status: 'toSign', documents: [{ status: 'filled' }] });
    const filledId = second.documents[0]?.filledDocumentUuid ?? '';
    const file = await anna.call('GET', `/resource/${filledId}`);
    expect((await shown(file.bytes)).map(({ text }) => text).sort()).toEqual(['Bruno Bassi', 'Łucja Ελένη']);
    expect(second.resources.find(({ id }) => id === filledId)).toMatchObject({ size: file.bytes.length, pages: 1 });
    expect(sandbox.state.effects({ kind: 'fill' })).toHaveLength(2);
    expect(sandbox.state.audit(dst.id).map(({ event }) => event)).toEqual([
      'event_published',
      'stage_to_fill',
      'event_form_fill',
      'event_form_fill',
      'stage_to_sign',
    ]);
    expect((await anna.sign(dst.id, idsOf(dst).documentId, at(idsOf(dst).requests, 0))).status).toBe(200);
  });

  it.each([
    [0, false],
    [90, false],
    [180, false],
    [270, false],
    [0, true],
    [90, true],
    [180, true],
    [270, true],
  ])('draws the value at its place on a page turned by %i, cropped %s', async (rotation, cropped) => {
    const dst = await addForms(await onePage(rotation, cropped), [{}]);
    const { documents } = (await fill(sandbox.anna, dst, 0, 'Here')).json<Dst>();
    const texts = await shown(await sandbox.state.resourceBytes(documents[0]?.filledDocumentUuid ?? ''));
    expect(texts).toHaveLength(1);
    const text = at(texts, 0);
    expect([text.x, text.right, text.down]).toEqual([0.25, 1, 0].map((each) => expect.closeTo(each, 5)));
    expect(text.y).toBeGreaterThan(0.1);
    expect(text.y).toBeLessThanOrEqual(0.3);
  });

  it('moves a form that runs off the page inside it, and shrinks a text that is too long', async () => {
    const dst = await addForms(await onePage(), [{ positionX: 100, positionY: 58.14, width: 10, height: 5 }]);
    const { documents } = (await fill(sandbox.anna, dst, 0, 'A rather long value for so small a form')).json<Dst>();
    const [text] = await shown(await sandbox.state.resourceBytes(documents[0]?.filledDocumentUuid ?? ''));
    expect(text?.x).toBeCloseTo(0.9, 5);
  });

  it('draws no invisible form, and takes lines as lines', async () => {
    const dst = await addForms(await onePage(), [{ invisible: true }, { positionY: 50 }]);
    await fill(sandbox.anna, dst, 0, 'unseen');
    const { documents } = (await fill(sandbox.anna, dst, 1, 'one\ntwo')).json<Dst>();
    const texts = await shown(await sandbox.state.resourceBytes(documents[0]?.filledDocumentUuid ?? ''));
    expect(texts.map(({ text }) => text)).toEqual(['one', 'two']);
    expect(at(texts, 0).y).toBeLessThan(at(texts, 1).y);
  });

  it('refuses what is not the person’s to fill, or not now', async () => {
    const { anna, bruno } = sandbox;
    const dst = await addForms(await onePage(), [{}, {}]);
    const wrong = { id: at(idsOf(dst).requests, 0), documentId: idsOf(dst).documentId, extraData: { value: 'x' } };
    expect((await anna.call('PATCH', `/DST/${dst.id}/fill`, wrong)).status).toBe(404);
    const answers = [
      await fill(bruno, dst, 0, 'x'),
      await fill(anna, dst, 0, ''),
      await fill(anna, dst, 0, 7),
      await fill(anna, dst, 0, 'first'),
      await fill(anna, dst, 0, 'again'),
      await fill(anna, dst, 1, 'last'),
      await fill(anna, dst, 1, 'too late'),
    ];
    expect(answers.map(({ status }) => status)).toEqual([403, 400, 400, 200, 409, 200, 409]);
    expect([1, 4, 6].map((index) => codesOf(at(answers, index)))).toEqual([
      ['value-missing'],
      ['already-filled'],
      ['wrong-status'],
    ]);
    expect(sandbox.state.effects({ kind: 'fill' })).toHaveLength(2);
  });

  it('refuses a signature form', async () => {
    const dst = await addForms(await onePage(), [{}, { type: 'SignatureForm' }]);
    expect(codesOf(await fill(sandbox.anna, dst, 1, 'x'))).toEqual(['not-a-text-form']);
  });

  it('puts a DST whose document cannot be rendered into status error', async () => {
    const dst = await addForms(new TextEncoder().encode('%PDF-1.7 but no more'), [{}]);
    expect((await fill(sandbox.anna, dst, 0, 'x')).json()).toMatchObject({ status: 'error' });
    expect(sandbox.state.dst(dst.id).errorMessage).not.toBe('');
  });
});
