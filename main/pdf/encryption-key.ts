/** The standard security handler's file key from a password (ISO 32000-2, 7.6.4). */
import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import { fromLatin1 } from './characters.ts';
import { rc4 } from './rc4.ts';
import { encodeText } from './text-string.ts';

/** What the encryption dictionary says of keys (Tables 20 and 21). */
export interface KeyFacts {
  readonly revision: number;
  /** Of the file key. */
  readonly keyBytes: number;
  /** /O, /U, /OE, /UE. */
  readonly owner: Uint8Array;
  readonly user: Uint8Array;
  readonly ownerKey: Uint8Array;
  readonly userKey: Uint8Array;
  /** /P as the file has it. */
  readonly permissions: number;
  readonly encryptsMetadata: boolean;
  /** First half of the trailer's /ID, empty where there is none. */
  readonly id: Uint8Array;
}

const PAD = Buffer.from('28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A', 'hex');
const md5 = (...parts: readonly Uint8Array[]) => {
  const hash = createHash('md5');
  for (const part of parts) hash.update(part);
  return hash.digest();
};
const sha = (bits: number, ...parts: readonly Uint8Array[]) => {
  const hash = createHash(`sha${bits}`);
  for (const part of parts) hash.update(part);
  return hash.digest();
};
const same = (first: Uint8Array, second: Uint8Array) => Buffer.compare(first, second) === 0;
const padded = (password: Uint8Array) => Buffer.concat([password, PAD]).subarray(0, 32);

/** Algorithm 2. */
function legacyKey(facts: KeyFacts, password: Uint8Array): Uint8Array {
  const permissions = Buffer.alloc(4);
  permissions.writeInt32LE(facts.permissions | 0);
  const metadata = facts.revision >= 4 && !facts.encryptsMetadata ? Buffer.alloc(4, 0xff) : Buffer.alloc(0);
  let key = md5(padded(password), facts.owner.subarray(0, 32), permissions, facts.id, metadata);
  if (facts.revision >= 3) for (let i = 0; i < 50; i++) key = md5(key.subarray(0, facts.keyBytes));
  return key.subarray(0, facts.keyBytes);
}

/** RC4 under the key with every byte of it mixed with each number in turn. */
function rounds(key: Uint8Array, data: Uint8Array, numbers: readonly number[]): Uint8Array {
  return numbers.reduce(
    (text, number) =>
      rc4(
        key.map((byte) => byte ^ number),
        text,
      ),
    data,
  );
}
const upwards = Array.from({ length: 20 }, (_, i) => i);

/** Algorithms 4 to 6: the key where the user password is right. */
function legacyUser(facts: KeyFacts, password: Uint8Array): Uint8Array | undefined {
  const key = legacyKey(facts, password);
  if (facts.revision === 2) return same(rc4(key, PAD), facts.user.subarray(0, 32)) ? key : undefined;
  const expected = rounds(key, md5(PAD, facts.id), upwards);
  return same(expected, facts.user.subarray(0, 16)) ? key : undefined;
}

/** Algorithm 7: /O holds the user password under a key made of the owner's. */
function legacyOwner(facts: KeyFacts, password: Uint8Array): Uint8Array | undefined {
  let digest = md5(padded(password));
  if (facts.revision >= 3) for (let i = 0; i < 50; i++) digest = md5(digest);
  const key = digest.subarray(0, facts.keyBytes);
  const owner = facts.owner.subarray(0, 32);
  return legacyUser(facts, facts.revision === 2 ? rc4(key, owner) : rounds(key, owner, upwards.toReversed()));
}

/** Algorithm 2.B, the hash of revision 6. */
function hardenedHash(password: Uint8Array, salt: Uint8Array, userEntry: Uint8Array): Uint8Array {
  let key: Uint8Array = sha(256, password, salt, userEntry);
  for (let round = 0, lastByte = 0; round < 64 || lastByte > round - 32; round++) {
    const block = Buffer.concat([password, key, userEntry]);
    const text = Buffer.concat(Array.from({ length: 64 }, () => block));
    const cipher = createCipheriv('aes-128-cbc', key.subarray(0, 16), key.subarray(16, 32)).setAutoPadding(false);
    const encrypted = cipher.update(text);
    const remainder = encrypted.subarray(0, 16).reduce((sum, byte) => sum + byte, 0) % 3;
    key = sha([256, 384, 512][remainder] ?? 256, encrypted);
    lastByte = encrypted.at(-1) ?? 0;
  }
  return key.subarray(0, 32);
}

/** Algorithm 2.A. */
function modernKey(facts: KeyFacts, password: Uint8Array): OpenedKey | undefined {
  const text = password.subarray(0, 127);
  const nothing = new Uint8Array(0);
  const hash = (salt: Uint8Array, userEntry: Uint8Array) =>
    facts.revision === 5 ? sha(256, text, salt, userEntry) : hardenedHash(text, salt, userEntry);
  for (const { entry, wrapped, userEntry } of [
    { entry: facts.user, wrapped: facts.userKey, userEntry: nothing },
    { entry: facts.owner, wrapped: facts.ownerKey, userEntry: facts.user.subarray(0, 48) },
  ]) {
    if (!same(hash(entry.subarray(32, 40), userEntry), entry.subarray(0, 32))) continue;
    const wrapping = hash(entry.subarray(40, 48), userEntry);
    const decipher = createDecipheriv('aes-256-cbc', wrapping, Buffer.alloc(16)).setAutoPadding(false);
    return { key: decipher.update(wrapped.subarray(0, 32)), isOwner: entry === facts.owner };
  }
  return undefined;
}

/** The bytes a password may have been typed as: PDFDocEncoding for the old revisions, prepared UTF-8 for the new. */
function passwordBytes(password: string, revision: number): Uint8Array[] {
  if (revision >= 5) {
    // SASLprep (RFC 4013) as far as it changes what people type: other spaces, soft hyphens, compatibility forms.
    const prepared = password.replace(/[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000]/g, ' ').replace(/\p{Cf}/gu, '');
    return [Buffer.from(prepared.normalize('NFKC')), Buffer.from(password)];
  }
  const plain = encodeText(password).bytes;
  const isUtf16 = plain[0] === 0xfe && plain[1] === 0xff;
  return [...(isUtf16 ? [] : [plain]), Buffer.from(password), fromLatin1(password)];
}

export interface OpenedKey {
  readonly key: Uint8Array;
  readonly isOwner: boolean;
}

/** The file key, or undefined where the password is neither the user's nor the owner's. */
export function fileKey(facts: KeyFacts, password: string): OpenedKey | undefined {
  for (const bytes of passwordBytes(password, facts.revision)) {
    if (facts.revision >= 5) {
      const opened = modernKey(facts, bytes);
      if (opened) return opened;
      continue;
    }
    const user = legacyUser(facts, bytes);
    const key = user ?? legacyOwner(facts, bytes);
    if (key) return { key, isOwner: !user };
  }
  return undefined;
}
