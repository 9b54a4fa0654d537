/**
 * As much of a D-Bus client as hearing the system's session manager takes (D-Bus specification 0.43): EXTERNAL
 * authentication over a Unix socket, method calls with string and number arguments, replies and signals read whole.
 */
import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { MessageReader } from './dbus-reader.ts';

const METHOD_CALL = 1;
const FIELD = {
  PATH: 1,
  INTERFACE: 2,
  MEMBER: 3,
  ERROR_NAME: 4,
  REPLY_SERIAL: 5,
  DESTINATION: 6,
  SIGNATURE: 8,
} as const;

export interface BusMessage {
  readonly type: 'call' | 'return' | 'error' | 'signal';
  readonly path?: string;
  readonly interface?: string;
  readonly member?: string;
  readonly errorName?: string;
  readonly replySerial?: number;
  /** The arguments: numbers, texts, booleans, arrays; a dictionary is an array of pairs, a variant its value. */
  readonly body: readonly unknown[];
}

export class BusError extends Error {
  /** The error's name on the bus, or `gone` where the bus went away. */
  readonly code: string;
  constructor(code: string) {
    super(`bus: ${code}`);
    this.name = 'BusError';
    this.code = code;
  }
}

export interface BusCall {
  readonly destination: string;
  readonly path: string;
  readonly interface: string;
  readonly member: string;
  readonly args?: readonly (string | number)[];
}

export interface Bus {
  /** The reply's arguments. @throws BusError */
  call(call: BusCall): Promise<readonly unknown[]>;
  close(): void;
  /** Resolves when the connection has ended, from either side. */
  readonly ended: Promise<void>;
}

/** The socket's path in a server address (`unix:path=…;…`); other transports are not spoken here. */
export function socketPath(address: string): string | undefined {
  for (const one of address.split(';')) {
    const path = /^unix:(?:[^,]*,)*path=([^,]+)/.exec(one)?.[1];
    if (path !== undefined) return decodeURIComponent(path);
  }
  return undefined;
}

/** @throws BusError gone: nobody there, or not let in */
export async function connectBus(path: string, onSignal: (message: BusMessage) => void): Promise<Bus> {
  const socket = createConnection(path);
  const ended = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  const waiting = new Map<number, { resolve: (body: readonly unknown[]) => void; reject: (error: BusError) => void }>();
  let serial = 0;
  void ended.then(() => {
    for (const { reject } of waiting.values()) reject(new BusError('gone'));
    waiting.clear();
  });
  socket.on('error', () => socket.destroy());
  await authenticate(socket, ended);
  const reader = new MessageReader((message) => {
    if (message.type === 'signal') return onSignal(message);
    const call = waiting.get(message.replySerial ?? 0);
    waiting.delete(message.replySerial ?? 0);
    if (message.type === 'return') call?.resolve(message.body);
    else if (message.type === 'error') call?.reject(new BusError(message.errorName ?? 'error'));
  });
  socket.on('data', (bytes) => {
    // What is not the protocol ends the connection: there is no way back into step.
    if (!reader.push(bytes)) socket.destroy();
  });
  const bus: Bus = {
    ended,
    close: () => void socket.destroy(),
    call(call) {
      if (socket.destroyed) return Promise.reject(new BusError('gone'));
      const id = ++serial;
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        socket.write(encodeCall(id, call));
      });
    },
  };
  const org = 'org.freedesktop.DBus';
  await bus.call({ destination: org, path: '/org/freedesktop/DBus', interface: org, member: 'Hello' });
  return bus;
}

/** SASL EXTERNAL: the socket's credentials are the person's own. */
async function authenticate(socket: Socket, ended: Promise<void>): Promise<void> {
  const gone = ended.then(() => Promise.reject(new BusError('gone')));
  gone.catch(() => undefined);
  await Promise.race([once(socket, 'connect'), gone]);
  const uid = Buffer.from(String(process.getuid?.() ?? 0)).toString('hex');
  socket.write(`\0AUTH EXTERNAL ${uid}\r\n`);
  const [answer] = (await Promise.race([once(socket, 'data'), gone])) as [Buffer];
  if (!answer.toString('latin1').startsWith('OK ')) {
    socket.destroy();
    throw new BusError('gone');
  }
  socket.write('BEGIN\r\n');
}

/** Little-endian bytes with D-Bus's alignment. */
class Writer {
  #bytes: number[] = [];
  get length(): number {
    return this.#bytes.length;
  }
  align(to: number): void {
    while (this.#bytes.length % to !== 0) this.#bytes.push(0);
  }
  byte(value: number): void {
    this.#bytes.push(value);
  }
  uint32(value: number): void {
    this.align(4);
    this.#bytes.push(value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, (value >>> 24) & 0xff);
  }
  text(value: string): void {
    const utf8 = Buffer.from(value, 'utf8');
    this.uint32(utf8.length);
    this.#bytes.push(...utf8, 0);
  }
  signature(value: string): void {
    this.#bytes.push(value.length, ...Buffer.from(value, 'latin1'), 0);
  }
  set(at: number, value: number): void {
    this.#bytes.splice(at, 4, value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, (value >>> 24) & 0xff);
  }
  toBuffer(): Buffer {
    return Buffer.from(this.#bytes);
  }
}

/** A method call: numbers go as UINT32, texts as STRING. */
export function encodeCall(serial: number, { destination, path, interface: face, member, args = [] }: BusCall): Buffer {
  const body = new Writer();
  for (const arg of args) typeof arg === 'number' ? body.uint32(arg) : body.text(arg);
  const head = new Writer();
  for (const byte of [0x6c, METHOD_CALL, 0, 1]) head.byte(byte);
  head.uint32(body.length);
  head.uint32(serial);
  const lengthAt = head.length;
  head.uint32(0);
  const start = head.length;
  const field = (code: number, type: string, value: string) => {
    head.align(8);
    head.byte(code);
    head.signature(type);
    if (type === 'g') head.signature(value);
    else head.text(value);
  };
  field(FIELD.PATH, 'o', path);
  field(FIELD.INTERFACE, 's', face);
  field(FIELD.MEMBER, 's', member);
  field(FIELD.DESTINATION, 's', destination);
  if (args.length > 0) {
    field(FIELD.SIGNATURE, 'g', args.map((arg) => (typeof arg === 'number' ? 'u' : 's')).join(''));
  }
  head.set(lengthAt, head.length - start);
  head.align(8);
  return Buffer.concat([head.toBuffer(), body.toBuffer()]);
}
