/** Values of single ASN.1 elements (X.690, 8), and times as RFC 5280, 4.1.2.5 and RFC 3161, 2.4.2 have them. */
import { badEncoding, childrenOf, type Element, tags } from './der.ts';

const maxOidBytes = 64;
/** An arc below it and seven bits more are exact as a number. */
const EXACT_ARC = 2 ** 46;

function expectTag(element: Element, tag: number): void {
  if (element.tag !== tag) throw badEncoding('unexpected type');
}

const KEPT_OIDS = 512;
const keptOids = new Map<string, string>();

/** Dotted decimal text of an OBJECT IDENTIFIER. */
export function readOid(element: Element): string {
  expectTag(element, tags.oid);
  const { content } = element;
  if (content.length === 0 || content.length > maxOidBytes) throw badEncoding('object identifier size');
  const key = Buffer.from(content.buffer, content.byteOffset, content.length).toString('latin1');
  const known = keptOids.get(key) ?? toDotted(content);
  if (keptOids.size >= KEPT_OIDS) keptOids.clear();
  keptOids.set(key, known);
  return known;
}

function toDotted(content: Uint8Array): string {
  const arcs: (number | bigint)[] = [];
  let arc: number | bigint = 0;
  let open = false;
  for (const octet of content) {
    open = (octet & 0x80) !== 0;
    // Arcs of more than 53 bits are met in identifiers made of a UUID (2.25).
    if (typeof arc === 'number' && arc < EXACT_ARC) arc = arc * 128 + (octet & 0x7f);
    else arc = BigInt(arc) * 128n + BigInt(octet & 0x7f);
    if (open) continue;
    arcs.push(arc);
    arc = 0;
  }
  const [first, ...rest] = arcs;
  if (open || first === undefined) throw badEncoding('object identifier cut short');
  const root = first < 40 ? 0 : first < 80 ? 1 : 2;
  const second = typeof first === 'number' ? first - root * 40 : first - BigInt(root * 40);
  return [root, second, ...rest].join('.');
}

/** Content octets of an INTEGER, two's complement. */
export function readIntegerBytes(element: Element): Uint8Array {
  expectTag(element, tags.integer);
  if (element.content.length === 0) throw badEncoding('empty integer');
  return element.content;
}

/** A non-negative INTEGER that fits 31 bits. */
export function readSmallInteger(element: Element): number {
  const bytes = readIntegerBytes(element);
  if (bytes.length > 4 || (bytes[0] ?? 0) >= 0x80) throw badEncoding('integer out of range');
  return bytes.reduce((value, octet) => value * 256 + octet, 0);
}

export function readBoolean(element: Element): boolean {
  expectTag(element, tags.boolean);
  if (element.content.length !== 1) throw badEncoding('boolean size');
  return element.content[0] !== 0;
}

/** Octets of a BIT STRING that is not constructed; unused bits are left as they are. */
export function readBitString(element: Element): Uint8Array {
  expectTag(element, tags.bitString);
  const unused = element.content[0];
  if (unused === undefined || unused > 7 || (unused > 0 && element.content.length === 1)) {
    throw badEncoding('bit string');
  }
  return element.content.subarray(1);
}

/** Octets of an OCTET STRING; the segments of a constructed one (BER) are joined. */
export function readOctetString(element: Element, depth = 0): Uint8Array {
  if (element.tag === tags.octetString) return element.content;
  if (element.tag !== (tags.octetString | 0x20) || depth > 4) throw badEncoding('unexpected type');
  const segments = childrenOf(element).map((segment) => readOctetString(segment, depth + 1));
  return Buffer.concat(segments);
}

const utcTime = /^(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})?()(Z|[+-]\d{4})$/;
const generalizedTime = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})?(?:[.,](\d{1,9}))?(Z|[+-]\d{4})$/;

/** UTCTime or GeneralizedTime with a zone, as epoch milliseconds (fractions cut to milliseconds). */
export function readTime(element: Element): number {
  const isUtc = element.tag === tags.utcTime;
  if (!isUtc) expectTag(element, tags.generalizedTime);
  if (element.content.length > 40) throw badEncoding('time');
  const match = (isUtc ? utcTime : generalizedTime).exec(Buffer.from(element.content).toString('latin1'));
  if (!match) throw badEncoding('time');
  const part = (index: number) => Number(match[index] ?? 0);
  const year = isUtc ? part(1) + (part(1) < 50 ? 2000 : 1900) : part(1);
  const date = new Date(0);
  date.setUTCFullYear(year, part(2) - 1, part(3));
  date.setUTCHours(part(4), part(5), part(6), Number((match[7] ?? '').padEnd(3, '0').slice(0, 3)));
  const given = [year, part(2), part(3), part(4), part(5), part(6)];
  const kept = [
    date.getUTCFullYear(),
    date.getUTCMonth() + 1,
    date.getUTCDate(),
    date.getUTCHours(),
    date.getUTCMinutes(),
    date.getUTCSeconds(),
  ];
  if (given.some((value, index) => value !== kept[index])) throw badEncoding('time out of range');
  return date.getTime() - zoneMs(match[8] ?? 'Z');
}

function zoneMs(zone: string): number {
  if (zone === 'Z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3, 5));
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000;
}
