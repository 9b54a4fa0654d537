/**
 * A signed message that is a PDF of its own: the one in it is what is looked at; with an increment behind the message the whole is
 * another one. What is not looked at is not signed.
 */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { documentHandlers } from '../../../main/ipc/document-handlers.ts';
import type { Rooms } from '../../../main/ipc/index.ts';
import { openDocument } from '../../../main/pdf/document.ts';
import { ref } from '../../../main/pdf/objects.ts';
import { bufferSource } from '../../../main/pdf/source.ts';
import { shownRange } from '../../../main/platform/signed-message.ts';
import { prepare } from '../../../main/signing/engine.ts';
import { sampleMessage } from '../../contract/sample-message.ts';
import { aDocument, aTransaction } from '../inbox/model-fixtures.ts';
import { issue } from '../pades/credentials.ts';
import { codeOf, pageObjects, startxrefOf, writePdf, writeRevision } from '../pdf/sample-pdfs.ts';

const harmless = writePdf({ objects: pageObjects() });
const OTHER = 'BT /F 24 Tf 60 120 Td (I owe you all) Tj ET';
const increment = { 4: `<</Length ${OTHER.length}>>\nstream\n${OTHER}\nendstream` };
const message = sampleMessage(harmless, ['a']);
const headBytes = message.indexOf('%PDF-');
const twoFaced = writeRevision(message, { objects: increment, junk: 'x'.repeat(headBytes) }, startxrefOf(harmless));

const signer = issue({ kind: 'p-256', name: 'Anna Ozola', serial: 5, now: Date.UTC(2026, 0, 2) });
const toPrepare = (bytes: Uint8Array) =>
  prepare(bufferSource(bytes), {
    certificate: signer.certificate,
    chain: [],
    scheme: 'ecdsa-sha256',
    signedAt: Date.UTC(2026, 0, 2),
    reason: '',
    box: undefined,
    appearanceLines: [],
    withTimestamp: false,
    expectedSha256: createHash('sha256').update(bytes).digest('hex'),
  });

/** What a window gets to look at of stored bytes. */
async function looked(bytes: Uint8Array) {
  const revision = { sha256: createHash('sha256').update(bytes).digest('hex'), sizeBytes: bytes.length, runs: [] };
  const place = { transactionId: 'account-1:1', documentId: 'document-1' };
  const handlers = documentHandlers({
    store: {
      transaction: async () => aTransaction('1', { documents: [aDocument()] }),
      document: async () => ({ ...place, resourceId: undefined, revision }),
      readRevision: async (_: unknown, at: number, length: number) => bytes.subarray(at, at + length),
    },
    sync: { fetchDocument: async () => undefined },
  } as unknown as Rooms);
  const { sha256, sizeBytes } = await handlers['documents.open'](place);
  const read = { ...place, sha256, offset: 0, length: bytes.length };
  return { sizeBytes, bytes: Buffer.from(await handlers['documents.read'](read)) };
}

describe('a message that is a PDF of its own', () => {
  it('is one PDF to who looks at it, and another to who reads the whole', async () => {
    expect((await looked(twoFaced)).bytes.equals(harmless)).toBe(true);
    const whole = await openDocument(bufferSource(twoFaced));
    expect(await whole.resolve(ref(4))).toMatchObject({ kind: 'stream', dict: new Map([['Length', OTHER.length]]) });
  });

  it('is not signed as a PDF', async () => {
    expect(await codeOf(() => toPrepare(twoFaced))).toBe('not-a-pdf');
    expect(await codeOf(() => toPrepare(message))).toBe('not-a-pdf');
    expect((await toPrepare(harmless)).baseSize).toBe(harmless.length);
  });
});

describe('a message whose content comes in pieces', () => {
  const piece = Buffer.concat([
    Buffer.from('0482', 'hex'),
    Buffer.from([harmless.length >> 8, harmless.length & 0xff]),
  ]);
  const inPieces = Buffer.concat([
    Buffer.from('308006092a864886f70d010702a0803080020101310030800609', 'hex'),
    Buffer.from('2a864886f70d010701a0802480', 'hex'),
    ...[piece, harmless],
    Buffer.from('00000000000031000000000000000000', 'hex'),
  ]);

  it('shows nothing of itself: to a viewer its bytes are a PDF that nobody signs', async () => {
    expect(inPieces.indexOf('%PDF-')).toBeLessThan(1024);
    expect(await shownRange(bufferSource(inPieces))).toEqual({ offset: 0, length: 0 });
    expect(await looked(inPieces)).toEqual({ sizeBytes: 0, bytes: Buffer.alloc(0) });
  });
});
