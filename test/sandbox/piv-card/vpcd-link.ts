/**
 * The card's side of vsmartcard's virtual reader: frames of a two-byte length; a frame of one byte is the reader's own doing
 * (0 power off, 1 power on, 2 reset, 4 ask for the ATR), any other an APDU.
 */
import { connect, type Socket } from 'node:net';
import { type PivCard, pivAtr } from './card.ts';

const ASK_FOR_ATR = 4;
const RECONNECT_MS = 50;

export interface CardInReader {
  /** Resolves once the reader has the card. */
  insert(): Promise<void>;
  eject(): void;
}

/** @param port where the reader waits for its card, on 127.0.0.1 */
export function putIntoReader(card: PivCard, port: number): CardInReader {
  let socket: Socket | undefined;
  let inserted = false;
  let timer: NodeJS.Timeout | undefined;
  function attempt(connected: () => void): void {
    const attempted = connect(port, '127.0.0.1');
    attempted.setNoDelay(true);
    attempted.once('connect', () => {
      socket = attempted;
      serve(card, attempted);
      connected();
    });
    attempted.on('error', () => undefined);
    attempted.once('close', () => {
      socket = undefined;
      if (inserted) timer = setTimeout(attempt, RECONNECT_MS, connected);
    });
  }
  return {
    insert() {
      if (inserted) return Promise.resolve();
      inserted = true;
      return new Promise((resolve) => attempt(resolve));
    },
    eject() {
      inserted = false;
      clearTimeout(timer);
      card.reset();
      socket?.destroy();
    },
  };
}

function serve(card: PivCard, socket: Socket): void {
  let received = Buffer.alloc(0);
  let turn = Promise.resolve();
  const send = (answer: Buffer) => {
    const frame = Buffer.alloc(2 + answer.length);
    frame.writeUInt16BE(answer.length);
    answer.copy(frame, 2);
    if (!socket.destroyed) socket.write(frame);
  };
  const handle = async (frame: Buffer) => {
    if (frame.length !== 1) {
      const answer = await card.answer(frame);
      if (answer) send(answer);
    } else if (frame[0] === ASK_FOR_ATR) send(pivAtr);
    else card.reset();
  };
  socket.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    while (received.length >= 2 && received.length >= 2 + received.readUInt16BE(0)) {
      const end = 2 + received.readUInt16BE(0);
      const frame = received.subarray(2, end);
      received = received.subarray(end);
      turn = turn.then(() => handle(frame));
    }
  });
}
