/**
 * A PKCS#12 file (RFC 7292) as a token of one slot. Its passphrase is handled like a PIN: until the login nothing is to be seen
 * but the file, after it keys and certificates lie in this process's memory alone. node:crypto signs.
 */
import {
  constants,
  createHash,
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  sign,
  X509Certificate,
} from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, isAbsolute } from 'node:path';
import type { PssParameters } from './mechanism.ts';
import { readP12 } from './p12-file.ts';
import {
  CKA,
  CKK,
  CKO,
  type ObjectHandle,
  type SessionHandle,
  type SlotHandle,
  type TokenFacts,
  type TokenModule,
} from './pkcs11-module.ts';
import { TokenHostError } from './return-values.ts';

/** Far above any file of keys; what is larger is something else. */
const MAX_FILE_BYTES = 4 << 20;
const MAX_PASSPHRASE_BYTES = 255;

/** CKM_ numbers of what node:crypto does with the hash built in. */
const mechanismHashes: ReadonlyMap<number, string> = new Map([
  [0x40, 'sha256'],
  [0x41, 'sha384'],
  [0x42, 'sha512'],
  [0x43, 'sha256'],
  [0x44, 'sha384'],
  [0x45, 'sha512'],
  [0x1044, 'sha256'],
  [0x1045, 'sha384'],
  [0x1046, 'sha512'],
]);

interface StoredObject {
  readonly objectClass: number;
  readonly attributes: ReadonlyMap<number, Buffer>;
  readonly privateKey?: KeyObject;
}

export function isP12Path(path: string): boolean {
  return /\.(p12|pfx)$/i.test(path);
}

/** @throws TokenHostError bad-request (not an absolute path), module-missing, module-failed (not a PKCS#12 file) */
export async function loadP12(path: string): Promise<TokenModule> {
  if (!isAbsolute(path)) throw new TokenHostError('bad-request');
  const bytes = await readFile(path).catch((cause) => Promise.reject(new TokenHostError('module-missing', { cause })));
  if (bytes.length > MAX_FILE_BYTES || bytes[0] !== 0x30) throw new TokenHostError('module-failed');
  return new P12Module(path, bytes);
}

class P12Module implements TokenModule {
  readonly #facts: TokenFacts;
  readonly #file: Buffer;
  #objects: readonly StoredObject[] = [];

  constructor(path: string, file: Buffer) {
    this.#file = file;
    this.#facts = {
      manufacturerId: 'PKCS#12',
      serialNumber: createHash('sha256').update(file).digest('hex').slice(0, 16),
      label: basename(path),
      model: 'PKCS#12 file',
      initialized: true,
      pin: {
        protectedAuthenticationPath: false,
        countLow: false,
        finalTry: false,
        locked: false,
        toBeChanged: false,
        soCountLow: false,
        soFinalTry: false,
        soLocked: false,
        loginRequired: true,
        minLength: 0,
        maxLength: MAX_PASSPHRASE_BYTES,
      },
    };
  }

  finalize(): void {
    this.#objects = [];
  }
  slotsWithToken(): SlotHandle[] {
    return [Buffer.alloc(1)];
  }
  isTokenPresent(): boolean {
    return true;
  }
  slotDescription(): string {
    return this.#facts.label;
  }
  tokenFacts(): TokenFacts {
    return this.#facts;
  }
  mechanisms(): number[] {
    return [...mechanismHashes.keys()];
  }
  openSession(): SessionHandle {
    return Buffer.alloc(1);
  }
  /** What the login showed stays until the process ends, as on a token whose certificates are public. */
  closeSession(): void {}

  findObjects(_session: SessionHandle, objectClass: number): ObjectHandle[] {
    return this.#objects.flatMap((object, index) =>
      object.objectClass === objectClass ? [Buffer.from([index >> 8, index & 0xff])] : [],
    );
  }

  attribute(_session: SessionHandle, object: ObjectHandle, type: number): Buffer | undefined {
    return this.#object(object)?.attributes.get(type);
  }

  numberAttribute(session: SessionHandle, object: ObjectHandle, type: number): number | undefined {
    return this.attribute(session, object, type)?.[0];
  }

  #object(handle: ObjectHandle): StoredObject | undefined {
    return this.#objects[handle.readUInt16BE(0)];
  }

  /** node-forge takes text, which cannot be zeroed: the process ends with its batch. */
  login(_session: SessionHandle, pin: Buffer | undefined): void {
    if (pin === undefined) throw new TokenHostError('login-required');
    this.#objects = readObjects(this.#file, pin.toString('utf8'));
  }

  setPin(): void {
    throw new TokenHostError('pin-change-unsupported');
  }
  initPin(): void {
    throw new TokenHostError('pin-change-unsupported');
  }

  sign(
    _session: SessionHandle,
    key: ObjectHandle,
    { mechanism, pss }: { mechanism: number; pss: PssParameters | undefined },
    input: Buffer,
  ): Uint8Array {
    const privateKey = this.#object(key)?.privateKey;
    const hash = mechanismHashes.get(mechanism);
    if (!privateKey) throw new TokenHostError('key-absent');
    if (hash === undefined) throw new TokenHostError('mechanism-unsupported');
    const padding = pss ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: pss.saltBytes } : {};
    return sign(hash, input, { key: privateKey, dsaEncoding: 'ieee-p1363', ...padding });
  }
}

/** @throws TokenHostError pin-incorrect, module-failed */
function readObjects(file: Buffer, passphrase: string): StoredObject[] {
  const { keys, certificates } = readP12(file, passphrase);
  return [
    ...certificates.flatMap(({ der, name }) => toCertificate(der, name) ?? []),
    ...keys.flatMap((der) => toKey(der) ?? []),
  ];
}

function facts(publicKey: KeyObject): Map<number, Buffer> | undefined {
  const id = createHash('sha256')
    .update(publicKey.export({ format: 'der', type: 'spki' }))
    .digest()
    .subarray(0, 8);
  const { kty, n } = publicKey.export({ format: 'jwk' });
  if (kty !== 'RSA' && kty !== 'EC') return undefined;
  const known = new Map<number, Buffer>([
    [CKA.ID, id],
    [CKA.KEY_TYPE, Buffer.from([kty === 'RSA' ? CKK.RSA : CKK.EC])],
  ]);
  if (typeof n === 'string') known.set(CKA.MODULUS, Buffer.from(n, 'base64url'));
  return known;
}

function toKey(der: Buffer): StoredObject | undefined {
  try {
    const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
    const attributes = facts(createPublicKey(privateKey));
    return attributes && { objectClass: CKO.PRIVATE_KEY, attributes, privateKey };
  } catch {
    // A kind of key this build does not know: the file's other keys are still of use.
    return undefined;
  } finally {
    der.fill(0);
  }
}

function toCertificate(value: Buffer, name: Buffer): StoredObject | undefined {
  try {
    const attributes = facts(new X509Certificate(value).publicKey) ?? new Map<number, Buffer>();
    attributes.set(CKA.VALUE, value).set(CKA.LABEL, name);
    return { objectClass: CKO.CERTIFICATE, attributes };
  } catch {
    return undefined;
  }
}
