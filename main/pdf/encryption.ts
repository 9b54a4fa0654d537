/** Encryption of strings and streams by the standard security handler (ISO 32000-2, 7.6). */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { fileKey, type KeyFacts } from './encryption-key.ts';
import { PdfError } from './errors.ts';
import {
  countOf,
  isArray,
  isDict,
  isName,
  isRef,
  isStream,
  isString,
  type Maybe,
  nameOf,
  type PdfDict,
  type PdfObject,
  type PdfRef,
} from './objects.ts';
import { rc4 } from './rc4.ts';

/** How one crypt filter works (Table 25). */
type Method = 'none' | 'rc4' | 'aes-128' | 'aes-256';

export interface EncryptionFacts {
  readonly revision: number;
  readonly strings: Method;
  readonly streams: Method;
  readonly keyBits: number;
  /** /P: what the user password allows (Table 22). */
  readonly permissions: number;
  readonly encryptsMetadata: boolean;
}

export interface Encryption {
  readonly facts: EncryptionFacts;
  /** True where the password given is the owner's, whom no permission binds. */
  readonly isOwner: boolean;
  /** The value as a reader wants it, its strings decrypted; a signature's /Contents is left as it is. */
  open(holder: PdfRef, value: PdfObject): PdfObject;
  /** The value as it is written: a copy with its strings encrypted. */
  seal(holder: PdfRef, value: PdfObject): PdfObject;
  openStream(holder: PdfRef, dictionary: PdfDict, data: Uint8Array): Uint8Array;
  sealStream(holder: PdfRef, data: Uint8Array): Uint8Array;
}

const unsupported = (detail: string) => new PdfError('encrypted', detail);
const damaged = () => new PdfError('damaged', 'encryption');

/** An AES string that is too short or ends amiss (7.6.3.2). */
function decryptAes(bits: 128 | 256, key: Uint8Array, data: Uint8Array): Uint8Array {
  if (data.length < 32 || data.length % 16 !== 0) {
    if (data.length <= 16) return new Uint8Array(0);
    throw damaged();
  }
  try {
    const decipher = createDecipheriv(`aes-${bits}-cbc`, key, data.subarray(0, 16));
    return Buffer.concat([decipher.update(data.subarray(16)), decipher.final()]);
  } catch (error) {
    throw new PdfError('damaged', 'encryption', error);
  }
}

function encryptAes(bits: 128 | 256, key: Uint8Array, data: Uint8Array): Uint8Array {
  const start = randomBytes(16);
  const cipher = createCipheriv(`aes-${bits}-cbc`, key, start);
  return Buffer.concat([start, cipher.update(data), cipher.final()]);
}

/** Algorithm 1: the key of one object; AES-256 uses the file's own (Algorithm 1.A). */
function objectKey(key: Uint8Array, method: Method, { num, gen }: PdfRef): Uint8Array {
  const salt = Buffer.alloc(5);
  salt.writeUIntLE(num, 0, 3);
  salt.writeUInt16LE(gen, 3);
  const hash = createHash('md5').update(key).update(salt);
  if (method === 'aes-128') hash.update('sAlT');
  return hash.digest().subarray(0, Math.min(key.length + 5, 16));
}

function decrypt(key: Uint8Array, method: Method, holder: PdfRef, data: Uint8Array): Uint8Array {
  if (method === 'none') return data;
  if (method === 'aes-256') return decryptAes(256, key, data);
  const own = objectKey(key, method, holder);
  return method === 'rc4' ? rc4(own, data) : decryptAes(128, own, data);
}

function encrypt(key: Uint8Array, method: Method, holder: PdfRef, data: Uint8Array): Uint8Array {
  if (method === 'none') return data;
  if (method === 'aes-256') return encryptAes(256, key, data);
  const own = objectKey(key, method, holder);
  return method === 'rc4' ? rc4(own, data) : encryptAes(128, own, data);
}

/** Strings changed wherever they stand, but for /Contents of a signature dictionary (7.6.2), which its byte range gives away. */
function mapStrings(value: PdfObject, change: (bytes: Uint8Array) => Uint8Array): PdfObject {
  if (isString(value)) return { ...value, bytes: change(value.bytes) };
  if (isArray(value)) return value.map((item) => mapStrings(item, change));
  if (isStream(value)) return { ...value, dict: mapDict(value.dict, change) };
  return isDict(value) ? mapDict(value, change) : value;
}

function mapDict(value: PdfDict, change: (bytes: Uint8Array) => Uint8Array): PdfDict {
  const signed = value.has('ByteRange');
  return new Map(
    [...value].map(([key, item]) => [key, signed && key === 'Contents' ? item : mapStrings(item, change)] as const),
  );
}

/** The crypt filter by its name in /CF. */
function methodOf(dictionary: PdfDict, wanted: Maybe): Method {
  const filter = nameOf(wanted) ?? 'Identity';
  if (filter === 'Identity') return 'none';
  const filters = dictionary.get('CF');
  const found = isDict(filters) ? filters.get(filter) : undefined;
  const method = isDict(found) ? (nameOf(found.get('CFM')) ?? 'None') : undefined;
  switch (method) {
    case 'V2':
      return 'rc4';
    case 'AESV2':
      return 'aes-128';
    case 'AESV3':
      return 'aes-256';
    default:
      throw unsupported(`crypt filter ${method ?? filter}`);
  }
}

function bytesAt(dictionary: PdfDict, key: string, atLeast: number): Uint8Array {
  const value = dictionary.get(key);
  if (!isString(value) || value.bytes.length < atLeast) throw damaged();
  return value.bytes;
}

/** /V and /R this handler knows, and the length of their key in bytes. */
function versionOf(dictionary: PdfDict): { version: number; revision: number; keyBytes: number } {
  const handler = nameOf(dictionary.get('Filter'));
  if (handler !== 'Standard') throw unsupported(`handler ${handler ?? ''}`);
  const version = countOf(dictionary.get('V')) ?? 0;
  const revision = countOf(dictionary.get('R')) ?? 0;
  const length = countOf(dictionary.get('Length')) ?? 40;
  if (version === 5 && (revision === 5 || revision === 6)) return { version, revision, keyBytes: 32 };
  if (version === 4 && revision === 4) return { version, revision, keyBytes: 16 };
  if (version === 1 && (revision === 2 || revision === 3)) return { version, revision, keyBytes: 5 };
  if (version === 2 && (revision === 2 || revision === 3) && length >= 40 && length <= 128 && length % 8 === 0) {
    return { version, revision, keyBytes: revision === 2 ? 5 : length / 8 };
  }
  throw unsupported(`version ${version}, revision ${revision}`);
}

/** A stream may name a crypt filter of its own (7.4.10); cross-reference streams are never encrypted (7.5.8.2). */
function ownFilter(dictionary: PdfDict): Maybe {
  const filter = dictionary.get('Filter');
  const first = isArray(filter) ? filter[0] : filter;
  if (!isName(first) || first.value !== 'Crypt') return undefined;
  const parms = dictionary.get('DecodeParms');
  const own = isArray(parms) ? parms[0] : parms;
  return (isDict(own) ? own.get('Name') : undefined) ?? { kind: 'name', value: 'Identity' };
}

/**
 * @param dictionary of the trailer's /Encrypt, with direct values
 * @param id first half of the trailer's /ID
 * @param password the user's or the owner's; the empty one is tried after it
 * @throws PdfError encrypted for a handler or version that is not known, password-needed, damaged
 */
export function openEncryption(dictionary: PdfDict, id: Uint8Array, password: string): Encryption {
  const { version, revision, keyBytes } = versionOf(dictionary);
  const strings = version < 4 ? 'rc4' : methodOf(dictionary, dictionary.get('StrF'));
  const streams = version < 4 ? 'rc4' : methodOf(dictionary, dictionary.get('StmF'));
  const modern = version === 5;
  const permissions = dictionary.get('P');
  if (typeof permissions !== 'number' || !Number.isSafeInteger(permissions)) throw damaged();
  if ([strings, streams].some((method) => method !== 'none' && (method === 'aes-256') !== modern)) throw damaged();
  const keyFacts: KeyFacts = {
    revision,
    keyBytes,
    owner: bytesAt(dictionary, 'O', modern ? 48 : 32),
    user: bytesAt(dictionary, 'U', modern ? 48 : 16),
    ownerKey: modern ? bytesAt(dictionary, 'OE', 32) : new Uint8Array(0),
    userKey: modern ? bytesAt(dictionary, 'UE', 32) : new Uint8Array(0),
    permissions,
    encryptsMetadata: dictionary.get('EncryptMetadata') !== false,
    id,
  };
  // One who says a password may be the owner, even where none is needed to read.
  const opened = (password === '' ? undefined : fileKey(keyFacts, password)) ?? fileKey(keyFacts, '');
  if (!opened) throw new PdfError('password-needed');
  const { key, isOwner } = opened;
  const facts = { revision, strings, streams, keyBits: keyBytes * 8, permissions } as const;
  return {
    facts: { ...facts, encryptsMetadata: keyFacts.encryptsMetadata },
    isOwner,
    open: (holder, value) => mapStrings(value, (bytes) => decrypt(key, strings, holder, bytes)),
    seal: (holder, value) => mapStrings(value, (bytes) => encrypt(key, strings, holder, bytes)),
    openStream(holder, given, data) {
      if (nameOf(given.get('Type')) === 'XRef') return data;
      const own = ownFilter(given);
      return decrypt(key, own === undefined ? streams : methodOf(dictionary, own), holder, data);
    },
    sealStream: (holder, data) => encrypt(key, streams, holder, data),
  };
}

/** The dictionary with its references followed, three levels deep, which is as deep as crypt filters lie. */
export async function directDict(
  resolve: (value: Maybe) => PdfObject | Promise<PdfObject>,
  value: Maybe,
  depth = 3,
): Promise<PdfDict | undefined> {
  const found = isRef(value) ? await resolve(value) : value;
  if (!isDict(found)) return undefined;
  const direct = new Map<string, PdfObject>();
  for (const [key, item] of found) {
    const known = isRef(item) ? await resolve(item) : item;
    direct.set(key, isDict(known) && depth > 0 ? ((await directDict(resolve, known, depth - 1)) ?? known) : known);
  }
  return direct;
}
