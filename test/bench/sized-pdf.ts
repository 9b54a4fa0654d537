/** PDFs of a wanted size on disk: one page and one stream of noise. */
import { randomFillSync } from 'node:crypto';
import { open } from 'node:fs/promises';

const CHUNK_BYTES = 1024 * 1024;

/** @param bytes size of the file, give or take a kilobyte */
export async function writeSizedPdf(path: string, bytes: number): Promise<void> {
  const file = await open(path, 'w');
  const offsets: number[] = [];
  let at = 0;
  const write = async (data: Uint8Array) => {
    await file.write(data);
    at += data.length;
  };
  const put = async (text: string) => {
    offsets.push(at);
    await write(Buffer.from(`${offsets.length} 0 obj\n${text}\nendobj\n`, 'latin1'));
  };
  await write(Buffer.from('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n', 'latin1'));
  await put('<</Type/Catalog/Pages 2 0 R>>');
  await put('<</Type/Pages/Count 1/Kids[3 0 R]>>');
  await put('<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>>>');
  const noise = Math.max(1, bytes - 700);
  offsets.push(at);
  await write(Buffer.from(`4 0 obj\n<</Length ${noise}>>\nstream\n`));
  const chunk = Buffer.alloc(Math.min(CHUNK_BYTES, noise));
  randomFillSync(chunk);
  for (let left = noise; left > 0; left -= chunk.length) await write(chunk.subarray(0, Math.min(left, chunk.length)));
  await write(Buffer.from('\nendstream\nendobj\n'));
  const start = at;
  const entries = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n\r\n`).join('');
  await write(
    Buffer.from(
      `xref\n0 5\n0000000000 65535 f\r\n${entries}trailer\n<</Size 5/Root 1 0 R>>\nstartxref\n${start}\n%%EOF\n`,
    ),
  );
  await file.close();
}
