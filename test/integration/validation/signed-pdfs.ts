/** PDFs signed in memory by the sandbox's signers, and the ways an attacker would change them. */
import { createHash, sign as signBytes } from 'node:crypto';
import {
  assembleCms,
  fillGap,
  type PreparedSignature,
  prepareDocumentTimestamp,
  prepareSignature,
  type SignatureSpec,
} from '../../../main/pades/index.ts';
import { bufferSource } from '../../../main/pdf/source.ts';
import { type Credential, type Pki, privateKeyOf, type Signer } from '../../sandbox/pki/index.ts';
import { grant } from '../../sandbox/pki/timestamp-response.ts';

/** One page, classic cross-reference table; `paddingBytes` of an unused stream make it large. */
export function plainPdf(paddingBytes = 0): Buffer {
  const padding = Buffer.alloc(paddingBytes, 'padding ');
  const objects = [
    Buffer.from('<< /Type /Catalog /Pages 2 0 R >>'),
    Buffer.from('<< /Type /Pages /Kids [3 0 R] /Count 1 >>'),
    Buffer.from('<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Contents 4 0 R >>'),
    Buffer.from('<< /Length 8 >>\nstream\n0 0 m  S\nendstream'),
    Buffer.concat([Buffer.from(`<< /Length ${padding.length} >>\nstream\n`), padding, Buffer.from('\nendstream')]),
  ];
  const parts = [Buffer.from('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n', 'latin1')];
  let size = parts[0]?.length ?? 0;
  const table = ['0000000000 65535 f '];
  for (const [index, body] of objects.entries()) {
    const part = Buffer.concat([Buffer.from(`${index + 1} 0 obj\n`), body, Buffer.from('\nendobj\n')]);
    table.push(`${String(size).padStart(10, '0')} 00000 n `);
    parts.push(part);
    size += part.length;
  }
  const trailer = `trailer\n<< /Size ${table.length} /Root 1 0 R >>\nstartxref\n${size}\n%%EOF\n`;
  return Buffer.concat([...parts, Buffer.from(`xref\n0 ${table.length}\n${table.join('\n')}\n${trailer}`)]);
}

/** sha256 as an AlgorithmIdentifier's object identifier. */
const sha256Id = '2.16.840.1.101.3.4.2.1';

/** A TimeStampToken over `message`. */
export function stamp(pki: Pki, authority: Credential, message: Uint8Array, at: number): Uint8Array {
  const imprint = createHash('sha256').update(message).digest();
  const query = { hash: sha256Id, imprint, policy: undefined, nonce: undefined, certificatesWanted: true };
  const granted = grant({ query, authority, chain: [pki.issuing.certificate], at });
  // TimeStampResp: SEQUENCE { status SEQUENCE { INTEGER 0 }, token }.
  const status = Buffer.from('3003020100', 'hex');
  return granted.subarray(Buffer.from(granted).indexOf(status) + status.length);
}

export interface SignOptions extends Partial<SignatureSpec> {
  /** Makes the unsigned attribute out of the signature value. */
  readonly timestamp?: (signature: Uint8Array) => Uint8Array;
  /** Makes what is put in the gap out of the finished CMS. */
  readonly change?: (cms: Uint8Array) => Uint8Array;
  /** This many bytes behind /Contents are left out of the byte range too; digest and signature fit that range. */
  readonly leftOut?: number;
}

function defaults(pki: Pki, signer: Signer): SignatureSpec {
  return {
    certificate: signer.certificate,
    chain: [pki.issuing.certificate],
    scheme: signer.keyType === 'p-256' ? 'ecdsa-sha256' : 'rsa-pkcs1-sha256',
    signedAt: pki.now,
    reason: undefined,
    location: undefined,
    field: { kind: 'new-invisible' },
    appearanceLines: [],
    timestampReserveBytes: 0,
  };
}

/** The same preparation for a byte range that leaves out more than /Contents. */
function leavingOut(base: Uint8Array, prepared: PreparedSignature, bytes: number): PreparedSignature {
  const { increment, byteRange, gap, signedAttributes } = prepared;
  const [from, a, b, length] = byteRange;
  const made = Buffer.from(increment);
  const old = `/ByteRange [${byteRange.join(' ')}]`;
  const wide = `/ByteRange [${from} ${a} ${b + bytes} ${length - bytes}]`;
  made.write(wide.padEnd(old.length), made.indexOf(old), 'latin1');
  const digestOf = (file: Buffer, skipped: number) =>
    createHash('sha256')
      .update(base)
      .update(file.subarray(0, gap.offset - 1))
      .update(file.subarray(gap.offset + gap.length + 1 + skipped))
      .digest();
  const attributes = Buffer.from(signedAttributes);
  const at = attributes.indexOf(digestOf(Buffer.from(increment), 0));
  attributes.set(digestOf(made, bytes), at);
  return { ...prepared, increment: made, signedAttributes: attributes };
}

/** The base with one more revision that holds the signer's signature. */
export async function signPdf(base: Uint8Array, pki: Pki, signer: Signer, options: SignOptions = {}): Promise<Buffer> {
  const { timestamp, change, leftOut = 0, ...more } = options;
  const spec: SignatureSpec = { ...defaults(pki, signer), timestampReserveBytes: timestamp ? 8192 : 0, ...more };
  const first = await prepareSignature(bufferSource(base), spec);
  const prepared = leftOut > 0 ? leavingOut(base, first, leftOut) : first;
  const { signedAttributes } = prepared;
  const signature = signBytes('sha256', signedAttributes, privateKeyOf(signer));
  const timestampToken = timestamp?.(signature);
  const { scheme, certificate, chain } = spec;
  const parts = { signedAttributes, signature, scheme, certificate, chain };
  const cms = assembleCms({ ...parts, ...(timestampToken && { timestampToken }) });
  const filled = fillGap(prepared.increment, prepared.gap, change?.(cms) ?? cms);
  return Buffer.concat([base, filled]);
}

/** The base with one more revision that holds a document timestamp (ISO 32000-2, 12.8.5). */
export async function timestampPdf(
  base: Uint8Array,
  pki: Pki,
  options: { authority?: Credential; at?: number; stamped?: (signed: Buffer) => Uint8Array } = {},
): Promise<Buffer> {
  const { authority = pki.timestamp, at = pki.now, stamped = (signed) => signed } = options;
  const { increment, gap } = await prepareDocumentTimestamp(bufferSource(base), 4096);
  const parts = [base, increment.subarray(0, gap.offset - 1), increment.subarray(gap.offset + gap.length + 1)];
  const signed = Buffer.concat(parts);
  return Buffer.concat([base, fillGap(increment, gap, stamp(pki, authority, stamped(signed), at))]);
}

/** The file with `from` replaced by `to`, of the same length, at its last occurrence. */
export function replaceLast(file: Buffer, from: string, to: string): Buffer {
  const at = file.lastIndexOf(from);
  if (at < 0 || from.length !== to.length) throw new Error(`cannot replace ${from}`);
  const changed = Buffer.from(file);
  changed.write(to, at, 'latin1');
  return changed;
}

/** A further revision, unsigned, that replaces object 4 (the page's content). */
export function appendUpdate(file: Buffer): Buffer {
  const previous = /startxref\s+(\d+)\s+%%EOF\s*$/.exec(file.subarray(-64).toString('latin1'))?.[1];
  const root = file
    .toString('latin1')
    .match(/\/Root \d+ 0 R/g)
    ?.at(-1);
  const size = file
    .toString('latin1')
    .match(/\/Size \d+/g)
    ?.at(-1);
  const object = '4 0 obj\n<< /Length 8 >>\nstream\n9 9 m  S\nendstream\nendobj\n';
  const table = `xref\n4 1\n${String(file.length).padStart(10, '0')} 00000 n \n`;
  const end = `trailer\n<< ${size} ${root} /Prev ${previous} >>\nstartxref\n${file.length + object.length}\n%%EOF\n`;
  return Buffer.concat([file, Buffer.from(object + table + end)]);
}
