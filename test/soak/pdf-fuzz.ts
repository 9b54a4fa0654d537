/** Damaged PDFs, seeded: for CI in small numbers (test/unit/pades/hostile.test.ts), for `npm run soak` in large ones. */
import { readFileSync } from 'node:fs';
import { listSignatures, PadesError, prepareSignature, type SignatureSpec } from '../../main/pades/index.ts';
import { openDocument, PdfError } from '../../main/pdf/index.ts';
import { issue } from '../unit/pades/credentials.ts';
import { countingSource, pageObjects, sampleKinds, writePdf } from '../unit/pdf/sample-pdfs.ts';

export type Random = (below: number) => number;

/** Mulberry32: small, and the same everywhere. */
export function randomFrom(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const text = (bytes: Buffer) => bytes.toString('latin1');

/** Puts something else in the place of one match of the pattern. */
function replaceOne(bytes: Buffer, pattern: RegExp, random: Random, value: string): Buffer {
  const matches = [...text(bytes).matchAll(pattern)];
  const match = matches[random(Math.max(matches.length, 1))];
  if (!match) return bytes;
  const source = text(bytes);
  return Buffer.from(source.slice(0, match.index) + value + source.slice(match.index + match[0].length), 'latin1');
}

const numbers = [
  '0',
  '1',
  '2',
  '3',
  '4',
  '-1',
  '99',
  '65536',
  '4294967295',
  '9007199254740993',
  '1'.repeat(400),
  '1e9',
  '.',
  'R',
];
const keys = ['/Kids', '/Prev', '/Length', '/V', '/Parent', '/T', '/Encrypt', '/O', '/StmF', '/Filter'];

const mutations: readonly ((bytes: Buffer, random: Random) => Buffer)[] = [
  (bytes, random) => {
    const at = random(bytes.length);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8));
    return bytes;
  },
  (bytes, random) => bytes.subarray(0, random(bytes.length)),
  (bytes, random) => Buffer.concat([bytes.subarray(0, random(bytes.length)), bytes.subarray(random(bytes.length))]),
  (bytes, random) => replaceOne(bytes, /\d+/g, random, numbers[random(numbers.length)] ?? ''),
  (bytes, random) => replaceOne(bytes, /\d{10}/g, random, String(random(bytes.length)).padStart(10, '0')),
  (bytes, random) => replaceOne(bytes, /startxref\s+\d+/g, random, `startxref\n${random(bytes.length)}`),
  (bytes, random) =>
    replaceOne(bytes, /<<|>>|\[|\]|\(|\)/g, random, ['<<', '>>', '[', ']', '(', ')', ''][random(7)] ?? ''),
  (bytes, random) => replaceOne(bytes, /\d+ 0 R/g, random, `${random(12)} 0 R`),
  (bytes, random) => replaceOne(bytes, /\/[A-Za-z]+/g, random, keys[random(keys.length)] ?? ''),
];

/** One to three mutations of a copy. */
export function mutate(sample: Uint8Array, random: Random): Buffer {
  let bytes = Buffer.from(sample);
  for (let times = random(3); times >= 0; times--) {
    if (bytes.length > 0) bytes = Buffer.from(mutations[random(mutations.length)]?.(bytes, random) ?? bytes);
  }
  return bytes;
}

/** An interactive form and a signature besides what the plain samples have. */
const form = pageObjects({
  1: '<</Type/Catalog/Pages 2 0 R/AcroForm 20 0 R/Perms<</DocMDP 22 0 R>>>>',
  3: '<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 300]/Rotate 90/Annots 23 0 R>>',
  20: '<</Fields[21 0 R 24 0 R]/SigFlags 3>>',
  21: '<</FT/Sig/T(Signature1)/Subtype/Widget/Rect[0 0 9 9]/P 3 0 R/V 22 0 R>>',
  22: '<</Type/Sig/ByteRange[0 10 20 30]/Contents<30030201>/M(D:2026)/Reference[<</TransformMethod/DocMDP/TransformParams<</P 2>>>>]>>',
  23: '[21 0 R]',
  24: '<</T(a)/Kids[25 0 R]>>',
  25: '<</T(b)/FT/Sig/Parent 24 0 R/SV<</Ff 8/Reasons[(.)]>>/Lock<</Action/Include/Fields[(a)]>>>>',
});
const encrypted = (name: string) => () => readFileSync(new URL(`../vectors/encrypted/${name}.pdf`, import.meta.url));

export const samples: readonly (() => Buffer)[] = [
  ...Object.values(sampleKinds),
  () => writePdf({ objects: form }),
  () => writePdf({ objects: form, kind: 'stream', packed: [1, 2, 3, 20, 21, 23, 24, 25] }),
  () => writePdf({ objects: form, kind: 'hybrid', packed: [20, 24] }),
  encrypted('rc4-40'),
  encrypted('aes-128-object-streams'),
  encrypted('aes-256-object-streams'),
];

/** What a file may end in; anything else is a defect. */
export const allowedOutcomes: readonly unknown[] = [
  'done',
  'not-a-pdf',
  'damaged',
  'encrypted',
  'password-needed',
  'limit',
  'field-not-found',
  'field-already-signed',
  'page-not-found',
  'changes-not-permitted',
  'seed-value',
];

export interface Outcome {
  /** `done`, a code, or the error that should not have been. */
  readonly result: unknown;
  readonly readBytes: number;
}

export type Trial = (bytes: Uint8Array) => Promise<readonly Outcome[]>;

/** Signs in a new and in an existing field, lists the signatures, opens with repair. */
export function openTrial(): Trial {
  const { certificate } = issue({ kind: 'p-256', name: 'Anna', serial: 5, now: 0 });
  const spec: SignatureSpec = {
    certificate,
    chain: [],
    scheme: 'ecdsa-sha256',
    signedAt: 0,
    reason: undefined,
    location: undefined,
    field: { kind: 'new-visible', box: { page: 1, x: 10, y: 10, width: 30, height: 10 } },
    appearanceLines: ['Anna'],
    timestampReserveBytes: 0,
  };
  const existing = { ...spec, field: { kind: 'existing', name: 'a.b' } } as const;
  const actions: readonly ((source: ReturnType<typeof countingSource>) => Promise<unknown>)[] = [
    (source) => prepareSignature(source, spec),
    (source) => prepareSignature(source, existing),
    (source) => listSignatures(source),
    (source) => openDocument(source, { repair: true }),
  ];
  return async (bytes) => {
    const outcomes: Outcome[] = [];
    for (const action of actions) {
      const source = countingSource(bytes);
      try {
        await action(source);
        outcomes.push({ result: 'done', readBytes: source.readBytes });
      } catch (error) {
        const known = error instanceof PadesError || error instanceof PdfError;
        outcomes.push({ result: known ? error.code : error, readBytes: source.readBytes });
      }
    }
    return outcomes;
  };
}
