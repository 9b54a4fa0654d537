/** Outside programs that look at a sample file. */
import { execFile } from 'node:child_process';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';

/** Exit code and all output; never rejects for an exit code. */
export function judge(program: string, ...args: string[]): Promise<{ readonly code: number; readonly output: string }> {
  return new Promise((resolve, reject) => {
    execFile(program, args, (error, stdout, stderr) => {
      if (error && typeof error.code !== 'number') return reject(error);
      resolve({ code: error ? Number(error.code) : 0, output: stdout + stderr });
    });
  });
}

export interface DisplayedText {
  readonly text: string;
  /** Of the text's origin, percent of the page as displayed, from its top left corner. */
  readonly x: number;
  readonly y: number;
}

/** The text of page `number` where pdf.js shows it. */
export async function displayedText(bytes: Uint8Array, number: number): Promise<DisplayedText[]> {
  const task = getDocument({ data: bytes.slice(), verbosity: 0 });
  const page = await (await task.promise).getPage(number);
  const viewport = page.getViewport({ scale: 1 });
  const { items } = await page.getTextContent();
  const found = items.flatMap((item): DisplayedText[] => {
    if (!('transform' in item)) return [];
    const [x = 0, y = 0] = viewport.convertToViewportPoint(Number(item.transform[4]), Number(item.transform[5]));
    return [{ text: item.str, x: (x / viewport.width) * 100, y: (y / viewport.height) * 100 }];
  });
  await task.destroy();
  return found;
}
