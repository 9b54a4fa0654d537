/** A small DER writer (ITU-T X.690) for what the sandbox's authorities answer. Written apart from the app's own, so that each checks the other. */

export type Der = Uint8Array;

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

function lengthOctets(length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(length);
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  return Uint8Array.of(0x80 | octets.length, ...octets);
}

/** One tag-length-value with the given contents. */
export function tlv(tag: number, ...parts: readonly Uint8Array[]): Der {
  const content = concat(parts);
  return concat([Uint8Array.of(tag), lengthOctets(content.length), content]);
}

export const sequence = (...parts: readonly Der[]): Der => tlv(0x30, ...parts);
/** SET OF: elements in the order of their encodings (X.690, 11.6). */
export const setOf = (...parts: readonly Der[]): Der => tlv(0x31, ...[...parts].sort(Buffer.compare));
/** [n] around a whole element. */
export const explicit = (n: number, ...parts: readonly Der[]): Der => tlv(0xa0 | n, ...parts);
export const octetString = (bytes: Uint8Array): Der => tlv(0x04, bytes);
export const bitString = (bytes: Uint8Array): Der => tlv(0x03, Uint8Array.of(0), bytes);
export const utf8String = (text: string): Der => tlv(0x0c, Buffer.from(text, 'utf8'));
export const nullValue: Der = tlv(0x05);
export const enumerated = (value: number): Der => tlv(0x0a, Uint8Array.of(value));

/** A non-negative INTEGER, from a number or from big-endian octets. */
export function integer(value: number | Uint8Array): Der {
  const hex = typeof value === 'number' ? value.toString(16) : Buffer.from(value).toString('hex');
  const trimmed = hex.replace(/^0+(?=.)/, '');
  const octets = Buffer.from(trimmed.length % 2 === 0 ? trimmed : `0${trimmed}`, 'hex');
  return (octets[0] ?? 0) >= 0x80 ? tlv(0x02, Uint8Array.of(0), octets) : tlv(0x02, octets);
}

/** OBJECT IDENTIFIER from its dotted form. */
export function oid(dotted: string): Der {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return tlv(0x06, ...[first * 40 + second, ...rest].map(base128));
}

function base128(arc: number): Uint8Array {
  const octets = [arc % 128];
  for (let rest = Math.floor(arc / 128); rest > 0; rest = Math.floor(rest / 128)) octets.unshift(0x80 | (rest % 128));
  return Uint8Array.from(octets);
}

/** GeneralizedTime in UTC, whole seconds, as RFC 5280 and RFC 6960 want it. */
export function generalizedTime(epochMs: number): Der {
  const text = `${new Date(epochMs).toISOString().slice(0, 19).replace(/[-:T]/g, '')}Z`;
  return tlv(0x18, Buffer.from(text, 'latin1'));
}

/** AlgorithmIdentifier without parameters (ECDSA) or with NULL (RSA, hashes). */
export const algorithm = (dotted: string, parameters: Der | undefined = undefined): Der =>
  parameters === undefined ? sequence(oid(dotted)) : sequence(oid(dotted), parameters);
