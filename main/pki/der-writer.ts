/** DER written (ITU-T X.690), for the requests this room makes. */
import { tags } from './der.ts';

function lengthOctets(length: number): number[] {
  if (length < 0x80) return [length];
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  return [0x80 | octets.length, ...octets];
}

/** One element: tag, shortest length, contents end to end. */
export function writeElement(tag: number, ...contents: readonly Uint8Array[]): Uint8Array {
  const length = contents.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([Uint8Array.of(tag, ...lengthOctets(length)), ...contents]);
}

export const writeSequence = (...contents: readonly Uint8Array[]): Uint8Array =>
  writeElement(tags.sequence, ...contents);
export const writeOctets = (bytes: Uint8Array): Uint8Array => writeElement(tags.octetString, bytes);
/** @param content content octets of the INTEGER */
export const writeInteger = (content: Uint8Array): Uint8Array => writeElement(tags.integer, content);

function base128(arc: number): number[] {
  const octets = [arc % 128];
  for (let rest = Math.floor(arc / 128); rest > 0; rest = Math.floor(rest / 128)) octets.unshift(0x80 | (rest % 128));
  return octets;
}

/** @param dotted as `1.3.14.3.2.26` */
export function writeOid(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return writeElement(tags.oid, Uint8Array.from([first * 40 + second, ...rest].flatMap(base128)));
}

/** AlgorithmIdentifier of a digest, with NULL, as older responders want it. */
export const writeDigestAlgorithm = (dotted: string): Uint8Array =>
  writeSequence(writeOid(dotted), writeElement(tags.null));
