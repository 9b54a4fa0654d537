/** What a hostile file says of itself, in a terminal: it writes no line of its own there, and the terminal obeys nothing of it. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createOutput } from '../../../main/cli/access.ts';
import { parseArguments } from '../../../main/cli/arguments.ts';
import { inspectCommand } from '../../../main/cli/inspect-command.ts';
import { table } from '../../../main/cli/table.ts';
import { verifyCommand } from '../../../main/cli/verify-command.ts';
import { pageObjects, writePdf } from '../pdf/sample-pdfs.ts';

/** Clears the screen, writes a verdict on a line of its own, hides what follows; as hex, in a text string. */
const FORGED = '\u001b[2J\u009b2J\nletter.pdf: valid\u001b[8m';
const hex = Buffer.from(`\ufeff${FORGED}`, 'utf16le').swap16().toString('hex');

const hostile = writePdf({
  objects: pageObjects({
    1: '<</Type/Catalog/Version/9#1b#5b2J#0aletter.pdf:#20valid/Pages 2 0 R/AcroForm<</SigFlags 3/Fields[6 0 R]>>>>',
    6: `<</FT/Sig/T<${hex}>/V 7 0 R/Subtype/Widget/Rect[0 0 0 0]/P 3 0 R>>`,
    7: '<</Type/Sig#1b#5b2J/SubFilter/ETSI.CAdES.detached#1b#5b2J/Contents<00>/ByteRange[0 1 2 3]>>',
  }),
});

let folder: string | undefined;
afterEach(async () => {
  vi.restoreAllMocks();
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
});

async function said(command: typeof verifyCommand, name: string): Promise<string> {
  folder = await mkdtemp(join(tmpdir(), 'countersign-terminal-'));
  const path = join(folder, 'letter.pdf');
  await writeFile(path, hostile);
  let text = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    text += String(chunk);
    return true;
  });
  await command(parseArguments([name, path, ...(name === 'verify' ? ['--offline'] : [])]), createOutput(false));
  return text;
}

describe('a hostile file in a terminal', () => {
  it.each([
    ['verify', verifyCommand],
    ['inspect', inspectCommand],
  ])('%s obeys none of it and gives it no line', async (name, command) => {
    const text = await said(command, name);
    expect(text).toContain('letter.pdf');
    expect(text).toContain('[2J');
    expect(text).not.toMatch(/(?!\n)\p{C}/u);
    expect(text.split('\n').filter((line) => /^\s*letter\.pdf: valid/.test(line))).toEqual([]);
  });

  it('verify says that it is not valid', async () => {
    expect(await said(verifyCommand, 'verify')).toContain('letter.pdf: NOT VALID');
  });
});

describe('a table', () => {
  it('has a line a row, whatever stands in a cell', () => {
    const lines = table(['A', 'B'], [['x\ny\u2028z', '\u001b[1A\u009b1A\u202eb']]).split('\n');
    expect(lines).toHaveLength(3);
    expect(lines.join('')).not.toMatch(/[\p{C}\u2028]/u);
  });
});
