/** Looks for a secret in another process's memory (proc_pid_mem(5)) and in the files below a folder. Linux. */
import { open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface Needle {
  readonly encoding: string;
  readonly bytes: Buffer;
}

/** The ways a secret may lie about in clear, or as good as. */
export function needlesOf(secret: string): Needle[] {
  const utf8 = Buffer.from(secret, 'utf8');
  // Base64 of any three positions in a longer text: the characters that do not depend on the neighbours.
  const base64 = [0, 1, 2].map((lead) => {
    const text = Buffer.concat([Buffer.alloc(lead), utf8])
      .toString('base64')
      .replace(/=+$/, '');
    const start = Math.ceil((lead * 8) / 6);
    return text.slice(start, Math.floor(((lead + utf8.length) * 8) / 6));
  });
  return [
    { encoding: 'utf8', bytes: utf8 },
    { encoding: 'utf16', bytes: Buffer.from(secret, 'utf16le') },
    { encoding: 'hex', bytes: Buffer.from(utf8.toString('hex')) },
    { encoding: 'HEX', bytes: Buffer.from(utf8.toString('hex').toUpperCase()) },
    { encoding: 'bytes in JSON', bytes: Buffer.from([...utf8].join(',')) },
    ...base64.map((text, lead) => ({ encoding: `base64 at ${lead}`, bytes: Buffer.from(text) })),
  ];
}

const CHUNK_BYTES = 8 << 20;

export interface MemorySearch {
  /** Encodings found. */
  readonly found: readonly string[];
  readonly bytesRead: number;
}

function matches(bytes: Buffer, needles: readonly Needle[]): string[] {
  return needles.flatMap(({ encoding, bytes: needle }) => (bytes.includes(needle) ? [encoding] : []));
}

/** Every readable map but those of files that the process only reads (its libraries' code is no secret's place). */
export async function searchMemory(pid: number, needles: readonly Needle[]): Promise<MemorySearch> {
  const maps = (await readFile(`/proc/${pid}/maps`, 'utf8')).split('\n');
  const overlap = Math.max(...needles.map(({ bytes }) => bytes.length));
  const memory = await open(`/proc/${pid}/mem`, 'r');
  const buffer = Buffer.alloc(CHUNK_BYTES);
  const found = new Set<string>();
  let bytesRead = 0;
  try {
    for (const line of maps) {
      const map = /^([0-9a-f]+)-([0-9a-f]+) r(.)/.exec(line);
      if (!map || /\[(vvar|vsyscall)/.test(line)) continue;
      const end = Number.parseInt(map[2] ?? '', 16);
      for (let at = Number.parseInt(map[1] ?? '', 16); at < end; at += CHUNK_BYTES - overlap) {
        const wanted = Math.min(CHUNK_BYTES, end - at);
        // A page may be gone by now, or be a device's.
        const read = await memory.read(buffer, 0, wanted, at).catch(() => ({ bytesRead: 0 }));
        bytesRead += read.bytesRead;
        for (const encoding of matches(buffer.subarray(0, read.bytesRead), needles)) found.add(encoding);
        if (end - at <= CHUNK_BYTES) break;
      }
    }
  } finally {
    await memory.close();
  }
  return { found: [...found], bytesRead };
}

/** Paths of the files that hold the secret in any encoding. */
export async function searchFiles(folder: string, needles: readonly Needle[]): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    if (matches(await readFile(path), needles).length > 0) found.push(path);
  }
  return found;
}
