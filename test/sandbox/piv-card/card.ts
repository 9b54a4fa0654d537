/**
 * A PIV card in software (NIST SP 800-73-4): two keys, 9A (signs while the PIN is verified) and 9C (wants the PIN before each
 * signature), with PIN, PUK and their counters. Its faults are set by the test that holds it.
 */
import { createHash, createPrivateKey, type KeyObject } from 'node:crypto';
import { type Command, parseCommand, status } from './apdu.ts';
import { rawSignature } from './raw-signature.ts';
import { readTlvs, tlv } from './tlv.ts';

export interface PivCardContent {
  readonly pin: string;
  readonly puk: string;
  /** PKCS#8 and X.509, DER, by key reference. */
  readonly keys: Readonly<
    Partial<Record<PivSlot, { readonly privateKey: Uint8Array; readonly certificate: Uint8Array }>>
  >;
}
export type PivSlot = '9a' | '9c';

export interface PivFaults {
  /** Nothing is answered any more. */
  mute: boolean;
  /** Milliseconds before each signature. */
  signDelayMs: number;
  /** So many signatures fail with 6F00. */
  failSigns: number;
}

const AID = Buffer.from('a000000308000010000100', 'hex');
const TRIES = 3;
const PIN_BYTES = 8;
const OBJECT_OF_SLOT: Readonly<Record<PivSlot, string>> = { '9a': '5fc105', '9c': '5fc10a' };

/** Status words of ISO 7816-4, 5.1.3. */
const SW = {
  OK: 0x9000,
  MORE: 0x6100,
  NO_PIN: 0x6982,
  BLOCKED: 0x6983,
  WRONG_DATA: 0x6a80,
  NOT_FOUND: 0x6a82,
  WRONG_P: 0x6a86,
  NO_REFERENCE: 0x6a88,
  NO_INS: 0x6d00,
  FAULT: 0x6f00,
} as const;

/** Direct convention, T=1, historical bytes, check byte (ISO 7816-3, 8.2). */
export const pivAtr: Buffer = (() => {
  const text = Buffer.from('DeskPIV');
  const body = Buffer.concat([Buffer.from([0x80 | text.length, 0x01]), text]);
  return Buffer.concat([Buffer.from([0x3b]), body, Buffer.from([body.reduce((sum, byte) => sum ^ byte, 0)])]);
})();

interface Secret {
  value: Buffer;
  tries: number;
}
const padded = (text: string) =>
  Buffer.concat([Buffer.from(text), Buffer.alloc(PIN_BYTES, 0xff)]).subarray(0, PIN_BYTES);

export class PivCard {
  readonly faults: PivFaults = { mute: false, signDelayMs: 0, failSigns: 0 };
  readonly #keys = new Map<string, KeyObject>();
  readonly #objects = new Map<string, Buffer>();
  readonly #pin: Secret;
  readonly #puk: Secret;
  #verified = false;
  /** Verified by the command just before: what 9C wants. */
  #fresh = false;
  #chained: Buffer[] = [];
  #rest: Buffer = Buffer.alloc(0);
  /** Signatures begun, and made. */
  begun = 0;
  signatures = 0;
  verifications = 0;

  constructor(content: PivCardContent) {
    this.#pin = { value: padded(content.pin), tries: TRIES };
    this.#puk = { value: padded(content.puk), tries: TRIES };
    const all = createHash('sha256');
    for (const slot of ['9a', '9c'] as const) {
      const entry = content.keys[slot];
      if (!entry) continue;
      all.update(entry.certificate);
      this.#keys.set(slot, createPrivateKey({ key: Buffer.from(entry.privateKey), format: 'der', type: 'pkcs8' }));
      const value = Buffer.concat([
        tlv(0x70, entry.certificate),
        tlv(0x71, Buffer.from([0])),
        tlv(0xfe, Buffer.alloc(0)),
      ]);
      this.#objects.set(OBJECT_OF_SLOT[slot], value);
    }
    this.#objects.set('5fc102', holderUniqueId(all.digest().subarray(0, 16)));
  }

  get pinTries(): number {
    return this.#pin.tries;
  }
  set pinTries(tries: number) {
    this.#pin.tries = tries;
  }

  /** The card loses power: whatever was verified is forgotten. */
  reset(): void {
    this.#verified = false;
    this.#fresh = false;
    this.#chained = [];
    this.#rest = Buffer.alloc(0);
  }

  /** The answer to a command; undefined where the card stays mute. */
  async answer(apdu: Buffer): Promise<Buffer | undefined> {
    const command = parseCommand(apdu);
    const answer = command ? await this.#run(command) : status(SW.WRONG_DATA);
    return this.faults.mute ? undefined : answer;
  }

  async #run(command: Command): Promise<Buffer> {
    if (command.ins === 0xc0) return this.#reply(this.#rest, command.le);
    if (command.cla & 0x10) {
      this.#chained.push(Buffer.from(command.data));
      return status(SW.OK);
    }
    const data = Buffer.concat([...this.#chained, command.data]);
    this.#chained = [];
    const { ins, p1, p2, le } = command;
    switch (ins) {
      case 0xa4:
        return this.#select(data, le);
      case 0xcb:
        return this.#getData(data, le);
      case 0x20:
        return status(this.#verify(p1, p2, data));
      case 0x24:
        return status(this.#change(p2, data));
      case 0x2c:
        return status(p2 === 0x80 ? this.#replace(this.#puk, data) : SW.NO_REFERENCE);
      case 0x87:
        return this.#authenticate(p1, p2, data, le);
      default:
        return status(SW.NO_INS);
    }
  }

  #reply(data: Buffer, le: number): Buffer {
    const now = data.subarray(0, le);
    this.#rest = data.subarray(le);
    const word = this.#rest.length === 0 ? SW.OK : SW.MORE | Math.min(this.#rest.length, 0xff);
    return Buffer.concat([now, status(word)]);
  }

  #select(name: Buffer, le: number): Buffer {
    if (name.length < 5 || !AID.subarray(0, name.length).equals(name)) return status(SW.NOT_FOUND);
    this.#verified = false;
    const authority = tlv(0x79, tlv(0x4f, AID.subarray(0, 5)));
    return this.#reply(tlv(0x61, Buffer.concat([tlv(0x4f, AID.subarray(5)), authority])), le);
  }

  #getData(request: Buffer, le: number): Buffer {
    const id = (readTlvs(request).get(0x5c) ?? Buffer.alloc(0)).toString('hex');
    const discovery = Buffer.concat([tlv(0x4f, AID), tlv(0x5f2f, Buffer.from('4000', 'hex'))]);
    if (id === '7e') return this.#reply(tlv(0x7e, discovery), le);
    const found = this.#objects.get(id);
    return found ? this.#reply(tlv(0x53, found), le) : status(SW.NOT_FOUND);
  }

  #verify(p1: number, p2: number, data: Buffer): number {
    if (p2 !== 0x80) return SW.NO_REFERENCE;
    if (p1 === 0xff) {
      this.#verified = false;
      return SW.OK;
    }
    if (data.length === 0) return this.#verified ? SW.OK : triesLeft(this.#pin);
    this.verifications++;
    const word = data.length === PIN_BYTES ? check(this.#pin, data) : SW.WRONG_DATA;
    this.#verified = word === SW.OK;
    this.#fresh = this.#verified;
    return word;
  }

  /** CHANGE REFERENCE DATA: old and new, of the PIN or the PUK. */
  #change(p2: number, data: Buffer): number {
    const secret = p2 === 0x80 ? this.#pin : p2 === 0x81 ? this.#puk : undefined;
    if (!secret) return SW.NO_REFERENCE;
    if (data.length !== 2 * PIN_BYTES) return SW.WRONG_DATA;
    const word = check(secret, data.subarray(0, PIN_BYTES));
    if (word === SW.OK) secret.value = Buffer.from(data.subarray(PIN_BYTES));
    return word;
  }

  /** RESET RETRY COUNTER: the PUK and the PIN's new value. */
  #replace(puk: Secret, data: Buffer): number {
    if (data.length !== 2 * PIN_BYTES) return SW.WRONG_DATA;
    const word = check(puk, data.subarray(0, PIN_BYTES));
    if (word !== SW.OK) return word;
    this.#pin.value = Buffer.from(data.subarray(PIN_BYTES));
    this.#pin.tries = TRIES;
    return SW.OK;
  }

  async #authenticate(algorithm: number, slot: number, data: Buffer, le: number): Promise<Buffer> {
    const key = this.#keys.get(slot.toString(16));
    if (!key) return status(SW.NO_REFERENCE);
    if (algorithm !== (key.asymmetricKeyType === 'ec' ? 0x11 : 0x07)) return status(SW.WRONG_P);
    const allowed = slot === 0x9c ? this.#fresh : this.#verified;
    this.#fresh = false;
    if (!allowed) return status(SW.NO_PIN);
    const challenge = readTlvs(readTlvs(data).get(0x7c) ?? Buffer.alloc(0)).get(0x81);
    if (!challenge) return status(SW.WRONG_DATA);
    this.begun++;
    if (this.faults.signDelayMs > 0) await new Promise((resolve) => setTimeout(resolve, this.faults.signDelayMs));
    if (this.faults.failSigns > 0) {
      this.faults.failSigns--;
      return status(SW.FAULT);
    }
    this.signatures++;
    return this.#reply(tlv(0x7c, tlv(0x82, rawSignature(key, challenge))), le);
  }
}

function triesLeft(secret: Secret): number {
  return secret.tries === 0 ? SW.BLOCKED : 0x63c0 | secret.tries;
}

function check(secret: Secret, given: Buffer): number {
  if (secret.tries === 0) return SW.BLOCKED;
  if (secret.value.equals(given)) {
    secret.tries = TRIES;
    return SW.OK;
  }
  secret.tries--;
  return triesLeft(secret);
}

/** CHUID (SP 800-73-4, part 1, 3.1.2): a FASC-N of zeros, the GUID, an expiry, no signature. */
function holderUniqueId(guid: Buffer): Buffer {
  const parts = [tlv(0x30, Buffer.alloc(25)), tlv(0x34, guid), tlv(0x35, Buffer.from('20991231'))];
  return Buffer.concat([...parts, tlv(0x3e, Buffer.alloc(0)), tlv(0xfe, Buffer.alloc(0))]);
}
