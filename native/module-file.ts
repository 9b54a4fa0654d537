/**
 * Looks at a PKCS#11 module's file before it is loaded: what is not there and what is made for another processor is said in
 * words, where the loader would say only "error 193". ELF (System V gABI, 4), PE (Microsoft PE format), Mach-O (loader.h, fat.h).
 */
import { open } from 'node:fs/promises';
import { posix, win32 } from 'node:path';
import { TokenHostError } from './return-values.ts';

type Architecture = 'x64' | 'arm64' | 'ia32' | 'arm' | 'unknown';
type Format = 'elf' | 'pe' | 'mach-o';

/** What a file's header says it was made for. */
export interface BinaryFacts {
  readonly format: Format;
  /** More than one in a fat Mach-O file. */
  readonly architectures: readonly Architecture[];
}

const elfMachines = new Map<number, Architecture>([
  [3, 'ia32'],
  [40, 'arm'],
  [62, 'x64'],
  [183, 'arm64'],
]);
const peMachines = new Map<number, Architecture>([
  [0x14c, 'ia32'],
  [0x1c4, 'arm'],
  [0x8664, 'x64'],
  [0xaa64, 'arm64'],
]);
const machCpus = new Map<number, Architecture>([
  [7, 'ia32'],
  [12, 'arm'],
  [0x01000007, 'x64'],
  [0x0100000c, 'arm64'],
]);

const HEAD_BYTES = 4096;

/** Reads a header; undefined where it is that of no library. `head`: the file's first bytes, at most 4096 are looked at. */
export function parseBinaryHeader(head: Uint8Array): BinaryFacts | undefined {
  const view = new DataView(head.buffer, head.byteOffset, Math.min(head.byteLength, HEAD_BYTES));
  if (view.byteLength < 20) return undefined;
  const magic = view.getUint32(0, false);
  if (magic === 0x7f454c46) return parseElf(view);
  if (magic >>> 16 === 0x4d5a) return parsePe(view);
  if (magic === 0xcafebabe || magic === 0xcafebabf) return parseFat(view, magic === 0xcafebabf ? 32 : 20);
  if (magic === 0xcffaedfe || magic === 0xcefaedfe) return thin('mach-o', machCpus.get(view.getUint32(4, true)));
  return undefined;
}

function thin(format: Format, architecture: Architecture | undefined): BinaryFacts {
  return { format, architectures: [architecture ?? 'unknown'] };
}

function parseElf(view: DataView): BinaryFacts {
  const littleEndian = view.getUint8(5) === 1;
  return thin('elf', elfMachines.get(view.getUint16(18, littleEndian)));
}

function parsePe(view: DataView): BinaryFacts | undefined {
  const start = view.byteLength >= 64 ? view.getUint32(60, true) : view.byteLength;
  if (start + 6 > view.byteLength || view.getUint32(start, false) !== 0x50450000) return undefined;
  return thin('pe', peMachines.get(view.getUint16(start + 4, true)));
}

function parseFat(view: DataView, entryBytes: number): BinaryFacts | undefined {
  const count = view.getUint32(4, false);
  const architectures: Architecture[] = [];
  for (let index = 0, at = 8; index < count && at + 4 <= view.byteLength; index++, at += entryBytes) {
    architectures.push(machCpus.get(view.getUint32(at, false)) ?? 'unknown');
  }
  return architectures.length > 0 ? { format: 'mach-o', architectures } : undefined;
}

/** The machine the module would be loaded into: Node's own words. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly arch: string;
}

/**
 * @throws TokenHostError bad-request (not an absolute path), module-missing, module-failed (no library at all),
 * module-wrong-architecture (made for another processor or system)
 */
export async function checkModuleFile(path: string, machine: Machine = process): Promise<void> {
  const absolute = (machine.platform === 'win32' ? win32 : posix).isAbsolute(path);
  if (!absolute || path.includes('\0')) throw new TokenHostError('bad-request');
  const facts = parseBinaryHeader(await readHead(path));
  if (!facts) throw new TokenHostError('module-failed');
  const format = machine.platform === 'win32' ? 'pe' : machine.platform === 'darwin' ? 'mach-o' : 'elf';
  if (facts.format !== format || !facts.architectures.some((architecture) => architecture === machine.arch)) {
    throw new TokenHostError('module-wrong-architecture');
  }
}

async function readHead(path: string): Promise<Uint8Array> {
  const missing = (cause: unknown) => new TokenHostError('module-missing', { cause });
  const file = await open(path, 'r').catch((cause) => Promise.reject(missing(cause)));
  try {
    const head = new Uint8Array(HEAD_BYTES);
    const { bytesRead } = await file.read(head, 0, HEAD_BYTES, 0);
    return head.subarray(0, bytesRead);
  } catch (cause) {
    throw new TokenHostError('module-failed', { cause });
  } finally {
    await file.close();
  }
}
