/** A card that knows its answer to reset and nothing else, for a virtual reader (vpcd's protocol: each message behind its length in two octets). */
import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';

const ASK_ATR = 4;
const INSTRUCTION_UNKNOWN = Uint8Array.of(0x6d, 0x00);

export interface InsertedCard {
  /** How many APDUs it was sent: somebody connected to it. */
  readonly commands: () => number;
  eject(): Promise<void>;
}

function send(socket: Socket, bytes: Uint8Array): void {
  socket.write(Buffer.concat([Uint8Array.of(bytes.length >> 8, bytes.length & 0xff), bytes]));
}

/** @param atr hex */
export async function insertAtrCard(port: number, atr: string): Promise<InsertedCard> {
  const socket = createConnection(port, '127.0.0.1');
  await once(socket, 'connect');
  let pending = Buffer.alloc(0);
  let commands = 0;
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    pending = Buffer.concat([pending, chunk]);
    while (pending.length >= 2 && pending.length >= 2 + pending.readUInt16BE(0)) {
      const message = pending.subarray(2, 2 + pending.readUInt16BE(0));
      pending = pending.subarray(2 + message.length);
      if (message.length === 1 && message[0] === ASK_ATR) send(socket, Buffer.from(atr, 'hex'));
      else if (message.length > 1) {
        commands++;
        send(socket, INSTRUCTION_UNKNOWN);
      }
    }
  });
  return {
    commands: () => commands,
    async eject() {
      if (socket.closed) return;
      const gone = once(socket, 'close');
      socket.destroy();
      await gone;
    },
  };
}
