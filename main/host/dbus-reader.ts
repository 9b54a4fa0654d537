/**
 * D-Bus messages out of a stream (specification 0.43, "Message Format" and "Marshaling"). What a bus sends is as foreign as any
 * input: lengths are bounded, and bytes that are no message end the reading.
 */
import type { BusMessage } from './dbus.ts';

/** Far above what a session manager tells; the specification would allow 128 MiB. */
const MAX_MESSAGE_BYTES = 1 << 20;
const MAX_DEPTH = 32;
const FIXED_HEAD_BYTES = 16;
const types = [undefined, 'call', 'return', 'error', 'signal'] as const;

class Malformed extends Error {}

function check(condition: boolean): asserts condition {
  if (!condition) throw new Malformed();
}

/** Takes a stream in whatever pieces it comes and hands on whole messages. */
export class MessageReader {
  #held = Buffer.alloc(0);
  #broken = false;
  readonly #onMessage: (message: BusMessage) => void;

  constructor(onMessage: (message: BusMessage) => void) {
    this.#onMessage = onMessage;
  }

  /** False from the first bytes on that are no message. */
  push(bytes: Uint8Array): boolean {
    if (this.#broken) return false;
    this.#held = Buffer.concat([this.#held, bytes]);
    try {
      for (;;) {
        const size = messageSize(this.#held);
        if (size === undefined || this.#held.length < size) return true;
        const message = parseMessage(this.#held.subarray(0, size));
        this.#held = this.#held.subarray(size);
        if (message) this.#onMessage(message);
      }
    } catch (error) {
      if (!(error instanceof Malformed) && !(error instanceof RangeError)) throw error;
      this.#broken = true;
      return false;
    }
  }
}

const isLittle = (bytes: Buffer) => bytes[0] === 0x6c;
const aligned = (at: number, to: number) => Math.ceil(at / to) * to;

function messageSize(bytes: Buffer): number | undefined {
  if (bytes.length < FIXED_HEAD_BYTES) return undefined;
  check(isLittle(bytes) || bytes[0] === 0x42);
  const uint32 = (at: number) => (isLittle(bytes) ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
  const size = aligned(FIXED_HEAD_BYTES + uint32(12), 8) + uint32(4);
  check(size <= MAX_MESSAGE_BYTES);
  return size;
}

/** Undefined for a kind of message this version of the protocol does not have: to be passed over. */
function parseMessage(bytes: Buffer): BusMessage | undefined {
  const type = types[bytes[1] ?? 0];
  const values = new Values(bytes, 12);
  const fields = values.read('a(yv)', 0) as [number, unknown][];
  values.align(8);
  const field = new Map(fields);
  const text = (code: number, name: string) => {
    const value = field.get(code);
    return typeof value === 'string' ? { [name]: value } : {};
  };
  const signature = field.get(8);
  const body: unknown[] = [];
  for (const one of typeof signature === 'string' ? splitSignature(signature) : []) body.push(values.read(one, 0));
  if (!type) return undefined;
  const replySerial = field.get(5);
  return {
    type,
    ...text(1, 'path'),
    ...text(2, 'interface'),
    ...text(3, 'member'),
    ...text(4, 'errorName'),
    ...(typeof replySerial === 'number' ? { replySerial } : {}),
    body,
  };
}

/** The complete types of a signature, one after the other. */
export function splitSignature(signature: string): string[] {
  const whole: string[] = [];
  for (let at = 0; at < signature.length; ) {
    const end = typeEnd(signature, at, 0);
    whole.push(signature.slice(at, end));
    at = end;
  }
  return whole;
}

function typeEnd(signature: string, at: number, depth: number): number {
  check(depth < MAX_DEPTH && at < signature.length);
  const first = signature[at] ?? '';
  if (first === 'a') return typeEnd(signature, at + 1, depth + 1);
  const close = first === '(' ? ')' : first === '{' ? '}' : undefined;
  if (close === undefined) {
    check('ybnqiuxtdsogvh'.includes(first));
    return at + 1;
  }
  let end = at + 1;
  while (signature[end] !== close) end = typeEnd(signature, end, depth + 1);
  return end + 1;
}

const alignments: Readonly<Record<string, number>> = {
  y: 1,
  g: 1,
  v: 1,
  n: 2,
  q: 2,
  b: 4,
  i: 4,
  u: 4,
  s: 4,
  o: 4,
  a: 4,
  h: 4,
  x: 8,
  t: 8,
  d: 8,
  '(': 8,
  '{': 8,
};

class Values {
  readonly #bytes: Buffer;
  #at: number;

  constructor(bytes: Buffer, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  align(to: number): void {
    this.#at = aligned(this.#at, to);
    check(this.#at <= this.#bytes.length);
  }

  /** One complete type. @throws Malformed, or RangeError past the end */
  read(type: string, depth: number): unknown {
    check(depth < MAX_DEPTH);
    const first = type[0] ?? '';
    this.align(alignments[first] ?? 1);
    switch (first) {
      case 'y':
        return this.#number(1);
      case 'b':
        return this.#number(4) !== 0;
      case 'n':
      case 'q':
        return this.#number(2);
      case 'i':
      case 'u':
      case 'h':
        return this.#number(4);
      case 'x':
      case 't':
      case 'd':
        return this.#take(8);
      case 's':
      case 'o':
        return this.#text(this.#number(4));
      case 'g':
        return this.#text(this.#number(1));
      case 'v': {
        const signature = this.#text(this.#number(1));
        const [inner, ...more] = splitSignature(signature);
        check(inner !== undefined && more.length === 0);
        return this.read(inner, depth + 1);
      }
      case 'a':
        return this.#array(type.slice(1), depth);
      case '(':
      case '{':
        return splitSignature(type.slice(1, -1)).map((member) => this.read(member, depth + 1));
      default:
        throw new Malformed();
    }
  }

  #array(member: string, depth: number): unknown[] {
    const length = this.#number(4);
    this.align(alignments[member[0] ?? ''] ?? 1);
    const end = this.#at + length;
    check(end <= this.#bytes.length);
    const found: unknown[] = [];
    while (this.#at < end) found.push(this.read(member, depth + 1));
    check(this.#at === end);
    return found;
  }

  #number(size: 1 | 2 | 4): number {
    const at = this.#at;
    this.#at += size;
    check(this.#at <= this.#bytes.length);
    return isLittle(this.#bytes) ? this.#bytes.readUIntLE(at, size) : this.#bytes.readUIntBE(at, size);
  }

  #take(size: number): Buffer {
    const taken = this.#bytes.subarray(this.#at, this.#at + size);
    check(taken.length === size);
    this.#at += size;
    return taken;
  }

  #text(length: number): string {
    const text = this.#take(length).toString('utf8');
    check(this.#take(1)[0] === 0);
    return text;
  }
}
