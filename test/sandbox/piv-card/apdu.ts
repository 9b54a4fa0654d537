/** Command APDUs (ISO 7816-4, 5.1), short and extended. */
export interface Command {
  readonly cla: number;
  readonly ins: number;
  readonly p1: number;
  readonly p2: number;
  readonly data: Buffer;
  /** Bytes the reader takes at once. */
  readonly le: number;
}

const SHORT_LE = 256;

/** Undefined where it is no command. */
export function parseCommand(apdu: Buffer): Command | undefined {
  if (apdu.length < 4) return undefined;
  const [cla = 0, ins = 0, p1 = 0, p2 = 0] = apdu;
  const made = (data: Buffer, le: number): Command => ({ cla, ins, p1, p2, data, le });
  const none = Buffer.alloc(0);
  if (apdu.length === 4) return made(none, SHORT_LE);
  if (apdu.length === 5) return made(none, apdu.readUInt8(4) || SHORT_LE);
  if (apdu.readUInt8(4) !== 0) {
    const end = 5 + apdu.readUInt8(4);
    return made(apdu.subarray(5, end), (apdu.length > end && apdu.readUInt8(end)) || SHORT_LE);
  }
  if (apdu.length === 7) return made(none, apdu.readUInt16BE(5) || 65536);
  if (apdu.length < 7) return undefined;
  const end = 7 + apdu.readUInt16BE(5);
  const le = apdu.length >= end + 2 ? apdu.readUInt16BE(end) || 65536 : SHORT_LE;
  return made(apdu.subarray(7, end), le);
}

export function status(word: number): Buffer {
  return Buffer.from([word >> 8, word & 0xff]);
}
