/**
 * The profile's socket: a second start and the command line hand their calls to the desk that has the profile open. One JSON
 * text a line (preload/wire.ts); the folder is 0700, so only the same user comes in. On Windows a named pipe.
 */

import { lstat, rm } from 'node:fs/promises';
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { z } from 'zod';
import type {
  Bridge,
  CallInput,
  CallName,
  CallOutput,
  EventName,
  EventPayload,
  Reply,
} from '../../preload/contract.ts';
import { parseWire, toWire } from '../../preload/wire.ts';
import { type Dispatch, localSender } from './router.ts';

const MAX_LINE_BYTES = 64 * 1024 * 1024;

const request = z.object({ id: z.number().int(), call: z.string(), input: z.unknown() });
const answer = z.union([
  z.object({ id: z.number().int(), reply: z.unknown() }),
  z.object({ event: z.string(), payload: z.unknown() }),
]);

/** Calls `line` for each complete line; a peer that sends an endless one is cut off. */
function readLines(socket: Socket, line: (text: string) => void): void {
  let pending: string[] = [];
  let pendingBytes = 0;
  socket.setEncoding('utf8');
  socket.on('data', (chunk: string) => {
    const parts = chunk.split('\n');
    const last = parts.pop() ?? '';
    for (const part of parts) {
      const text = pending.join('') + part;
      pending = [];
      pendingBytes = 0;
      line(text);
    }
    pending.push(last);
    pendingBytes += last.length;
    if (pendingBytes > MAX_LINE_BYTES) socket.destroy();
  });
}

export interface DeskListener {
  emit(event: string, payload: unknown): void;
  /** Lets those who are connected finish, `drainMs` at most. */
  close(drainMs?: number): Promise<void>;
}

async function answerOn(socket: Socket, text: string, dispatch: Dispatch): Promise<void> {
  let parsed: z.infer<typeof request>;
  try {
    parsed = request.parse(parseWire(text));
  } catch {
    socket.destroy();
    return;
  }
  const reply = await dispatch(localSender, parsed.call, parsed.input);
  if (!socket.destroyed) socket.write(`${toWire({ id: parsed.id, reply })}\n`);
}

/** Listens on the profile's socket. @throws where the address is taken by a living desk */
export async function listenForDesks(path: string, dispatch: Dispatch): Promise<DeskListener> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    readLines(socket, (text) => {
      answerOn(socket, text, dispatch).catch(() => socket.destroy());
    });
  });
  const listen = () =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(path, () => {
        server.off('error', reject);
        resolve();
      });
    });
  try {
    await listen();
  } catch (error) {
    if ((error as { code?: string }).code !== 'EADDRINUSE' || (await connectDesk(path))) throw error;
    await rm(path, { force: true });
    await listen();
  }
  return {
    emit(event, payload) {
      const line = `${toWire({ event, payload })}\n`;
      for (const socket of sockets) socket.write(line);
    },
    async close(drainMs = 0) {
      // Takes no new ones; `server.close` waits for those that are here.
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      const cutOff = setTimeout(() => {
        for (const socket of sockets) socket.destroy();
      }, drainMs);
      await closed;
      clearTimeout(cutOff);
    },
  };
}

export interface DeskConnection extends Bridge {
  close(): void;
}

function parseAnswer(text: string) {
  try {
    return answer.safeParse(parseWire(text));
  } catch {
    return answer.safeParse(undefined);
  }
}

/** What a call is answered with where there is no desk, or none any more. */
export const DESK_CLOSED: Reply<never> = { ok: false, error: { code: 'desk-closed', retryable: true, details: {} } };

/** True where only this person can have put the socket there; a pipe on Windows lies in no folder. */
async function isOwn(path: string): Promise<boolean> {
  const uid = process.getuid?.();
  if (uid === undefined) return true;
  const folder = await lstat(dirname(path)).catch(() => undefined);
  return folder?.isDirectory() === true && folder.uid === uid && (folder.mode & 0o077) === 0;
}

/** The bridge to the desk that has the profile open; undefined where none has, or where somebody else may be listening. */
export async function connectDesk(path: string): Promise<DeskConnection | undefined> {
  if (!(await isOwn(path))) return undefined;
  const socket = await new Promise<Socket | undefined>((resolve) => {
    const attempt = createConnection(path);
    attempt.once('connect', () => resolve(attempt));
    attempt.once('error', () => resolve(undefined));
  });
  if (!socket) return undefined;
  const waiting = new Map<number, (reply: Reply<unknown>) => void>();
  const listeners = new Map<string, Set<(payload: unknown) => void>>();
  let nextId = 1;
  socket.on('error', () => socket.destroy());
  socket.on('close', () => {
    for (const settle of waiting.values()) settle(DESK_CLOSED);
    waiting.clear();
  });
  readLines(socket, (text) => {
    const parsed = parseAnswer(text);
    if (!parsed.success) socket.destroy();
    else if ('event' in parsed.data)
      for (const tell of listeners.get(parsed.data.event) ?? []) tell(parsed.data.payload);
    else {
      waiting.get(parsed.data.id)?.(parsed.data.reply as Reply<unknown>);
      waiting.delete(parsed.data.id);
    }
  });
  return {
    call<N extends CallName>(name: N, input: CallInput<N>) {
      if (socket.destroyed) return Promise.resolve(DESK_CLOSED);
      const id = nextId++;
      return new Promise<Reply<CallOutput<N>>>((resolve) => {
        waiting.set(id, resolve as (reply: Reply<unknown>) => void);
        socket.write(`${toWire({ id, call: name, input })}\n`);
      });
    },
    on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void) {
      const set = listeners.get(name) ?? new Set();
      listeners.set(name, set);
      set.add(listener as (payload: unknown) => void);
      return () => void set.delete(listener as (payload: unknown) => void);
    },
    close: () => socket.destroy(),
  };
}
