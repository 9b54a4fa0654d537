/** A system bus with a session manager on it, as far as a listener sees one: real sockets, bytes written by hand. */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

type Arg =
  | readonly ['s' | 'o', string]
  | readonly ['b', boolean]
  | readonly ['u', number]
  | readonly ['a{sb}', readonly [string, boolean][]];

class Bytes {
  out: number[] = [];
  align(to: number) {
    while (this.out.length % to !== 0) this.out.push(0);
  }
  u32(value: number) {
    this.align(4);
    this.out.push(value & 255, (value >> 8) & 255, (value >> 16) & 255, (value >> 24) & 255);
  }
  text(value: string) {
    this.u32(Buffer.byteLength(value));
    this.out.push(...Buffer.from(value), 0);
  }
  signature(value: string) {
    this.out.push(value.length, ...Buffer.from(value), 0);
  }
  arg(arg: Arg) {
    if (arg[0] === 'b') this.u32(arg[1] ? 1 : 0);
    else if (arg[0] === 'u') this.u32(arg[1]);
    else if (arg[0] === 'a{sb}') {
      const inner = new Bytes();
      // The array's content begins at a multiple of eight wherever it lies.
      for (const [name, flag] of arg[1]) {
        inner.align(8);
        inner.text(name);
        inner.signature('b');
        inner.u32(flag ? 1 : 0);
      }
      this.u32(inner.out.length);
      this.align(8);
      this.out.push(...inner.out);
    } else this.text(arg[1]);
  }
}

interface Fields {
  readonly path?: string;
  readonly interface?: string;
  readonly member?: string;
  readonly errorName?: string;
  readonly replySerial?: number;
}

/** One message; `type`: 2 return, 3 error, 4 signal. */
export function message(type: 2 | 3 | 4, fields: Fields, args: readonly Arg[] = []): Buffer {
  const body = new Bytes();
  for (const arg of args) body.arg(arg);
  const head = new Bytes();
  head.out.push(0x6c, type, 0, 1);
  head.u32(body.out.length);
  head.u32(7);
  const list = new Bytes();
  const add = (code: number, kind: string, write: () => void) => {
    list.align(8);
    list.out.push(code);
    list.signature(kind);
    write();
  };
  const { path, member, errorName, replySerial } = fields;
  if (path !== undefined) add(1, 'o', () => list.text(path));
  const face = fields.interface;
  if (face !== undefined) add(2, 's', () => list.text(face));
  if (member !== undefined) add(3, 's', () => list.text(member));
  if (errorName !== undefined) add(4, 's', () => list.text(errorName));
  if (replySerial !== undefined) add(5, 'u', () => list.u32(replySerial));
  const kinds = args.map(([kind]) => (kind === 'a{sb}' ? 'a{sv}' : kind)).join('');
  if (kinds !== '') add(8, 'g', () => list.signature(kinds));
  head.u32(list.out.length);
  head.out.push(...list.out);
  head.align(8);
  return Buffer.from([...head.out, ...body.out]);
}

export interface FakeBus {
  readonly address: string;
  /** Method calls that came in, by member. */
  readonly called: string[];
  signal(path: string, face: string, member: string, ...args: Arg[]): void;
  raw(bytes: Buffer): void;
  stop(): Promise<void>;
}

/** @param session what GetSessionByPID answers: a path, or the name of an error */
export async function startFakeBus(session: string, welcome = 'OK 1234deadbeef\r\n'): Promise<FakeBus> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-bus-'));
  const path = join(folder, 'bus');
  const sockets = new Set<Socket>();
  const called: string[] = [];
  const server = createServer((socket) => {
    sockets.add(socket);
    let begun = false;
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      const text = bytes.toString('latin1');
      if (!begun && text.startsWith('\0AUTH EXTERNAL ')) return void socket.write(welcome);
      if (!begun && text.startsWith('BEGIN\r\n')) begun = true;
      for (const member of ['Hello', 'AddMatch', 'GetSessionByPID']) {
        const at = bytes.indexOf(`${member}\0`);
        if (at < 0) continue;
        called.push(member);
        // The call's serial lies 8 bytes into its head; a head starts with `l`, 1.
        const start = bytes.lastIndexOf(Buffer.from([0x6c, 1, 0, 1]), at);
        const replySerial = bytes.readUInt32LE(start + 8);
        if (member !== 'GetSessionByPID') socket.write(message(2, { replySerial }, [['s', ':1.7']]));
        else if (session.startsWith('/')) socket.write(message(2, { replySerial }, [['o', session]]));
        else socket.write(message(3, { replySerial, errorName: session }, [['s', 'no']]));
      }
    });
  });
  server.listen(path);
  await once(server, 'listening');
  const raw = (bytes: Buffer) => {
    for (const socket of sockets) socket.write(bytes);
  };
  return {
    address: `unix:path=${path}`,
    called,
    raw,
    signal: (from, face, member, ...args) => raw(message(4, { path: from, interface: face, member }, args)),
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true, force: true });
    },
  };
}
