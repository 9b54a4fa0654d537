/** Secrets from a file descriptor or the terminal, without echo; a PIN is read into a buffer that its user zeroes. */
import { readSync } from 'node:fs';
import { CommandError } from './exit-codes.ts';

const MAX_SECRET_BYTES = 1024;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const BACKSPACES = [0x08, 0x7f];
const END_OF_TEXT = 0x03;
const END_OF_TRANSMISSION = 0x04;

/** Bytes of one line from a descriptor. @throws CommandError where it cannot be read or is too long */
function readLine(fd: number): Uint8Array<ArrayBuffer> {
  const line = new Uint8Array(MAX_SECRET_BYTES);
  const one = new Uint8Array(1);
  let length = 0;
  try {
    while (readSync(fd, one) === 1 && one[0] !== LINE_FEED) {
      if (length === MAX_SECRET_BYTES) throw new CommandError('pin-length', 'The secret is too long.', 'usage');
      line[length++] = one[0] ?? 0;
    }
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError('bad-input', `File descriptor ${fd} cannot be read.`, 'usage');
  }
  if (length > 0 && line[length - 1] === CARRIAGE_RETURN) length--;
  const secret = line.slice(0, length);
  line.fill(0);
  one.fill(0);
  return secret;
}

async function prompt(question: string): Promise<Uint8Array<ArrayBuffer>> {
  const { stdin, stderr } = process;
  if (!stdin.isTTY)
    throw new CommandError('bad-input', `${question}: no terminal to ask at; use --pin-fd or --password-fd.`);
  // Echo is off before anybody is asked to type.
  stdin.setRawMode(true);
  stderr.write(`${question}: `);
  stdin.resume();
  const line = new Uint8Array(MAX_SECRET_BYTES);
  let length = 0;
  try {
    return await new Promise((resolve, reject) => {
      const take = (chunk: Buffer) => {
        for (const byte of chunk) {
          if (byte === END_OF_TEXT || byte === END_OF_TRANSMISSION) {
            stdin.off('data', take);
            reject(new CommandError('cancelled', 'Cancelled.', 'usage'));
          } else if (byte === CARRIAGE_RETURN || byte === LINE_FEED) {
            stdin.off('data', take);
            resolve(line.slice(0, length));
          } else if (BACKSPACES.includes(byte)) length = Math.max(0, length - 1);
          else if (length < MAX_SECRET_BYTES) line[length++] = byte;
        }
        chunk.fill(0);
      };
      stdin.on('data', take);
    });
  } finally {
    line.fill(0);
    stdin.setRawMode(false);
    stdin.pause();
    stderr.write('\n');
  }
}

/** A secret as UTF-8 bytes. The caller zeroes it. */
export function readSecret(question: string, fd: number | undefined): Promise<Uint8Array<ArrayBuffer>> {
  return fd === undefined ? prompt(question) : Promise.resolve(readLine(fd));
}
