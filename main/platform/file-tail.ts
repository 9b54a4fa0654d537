/** The end of a file that grows, a log say. */
import { open } from 'node:fs/promises';

/** The last `tailBytes` bytes as text, all of it where it is shorter; empty where there is no such file. */
export async function readTail(path: string, tailBytes: number): Promise<string> {
  const file = await open(path, 'r').catch(() => undefined);
  if (!file) return '';
  try {
    const { size } = await file.stat();
    const from = Math.max(0, size - tailBytes);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - from), 0, size - from, from);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}
