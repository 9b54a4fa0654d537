import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeWhole } from '../../../main/platform/file-source.ts';
import { freeSavePath, toFileName } from '../../../main/platform/save-path.ts';

describe('a file name', () => {
  it.each([
    ['Lease, Flat 9.pdf', 'Lease, Flat 9.pdf'],
    ['../../etc/passwd', '_.._etc_passwd'],
    ['a/b\\c:d*e?f"g<h>i|j.pdf', 'a_b_c_d_e_f_g_h_i_j.pdf'],
    ['annex\u202Efdp.exe.pdf', 'annexfdp.exe.pdf'],
    ['tab\tnew\nline.pdf', 'tabnewline.pdf'],
    ['  .hidden.pdf. ', 'hidden.pdf'],
    ['', 'document.pdf'],
    ['...', 'document.pdf'],
    ['CON.pdf', '_CON.pdf'],
    [`${'x'.repeat(300)}.pdf`, `${'x'.repeat(120)}.pdf`],
    [`${'契'.repeat(120)}.pdf`, `${'契'.repeat(60)}.pdf`],
    [`${'🖋'.repeat(120)}.pdf`, `${'🖋'.repeat(45)}.pdf`],
    [`Art. ${'契'.repeat(120)}`, `Art. ${'契'.repeat(58)}`],
  ])('of %j is %j', (given, name) => {
    expect(toFileName(given)).toBe(name);
  });

  it('never has a path, a control character or a hidden start', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 30 }), (given) => {
        const name = toFileName(given);
        expect(name).not.toMatch(/[/\\\p{Cc}\p{Cf}]|^\.|^$/u);
      }),
      { seed: 1 },
    );
  });
});

describe('a path to save at', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'countersign-save-'));
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  it.each([`${'契'.repeat(120)}.pdf`, `Lease.${'x'.repeat(400)}`])(
    'can be written at, with a temporary file beside it, whatever the service calls the document: %s',
    async (title) => {
      const path = await freeSavePath(title, join(dir, 'Downloads'));
      await writeWhole(`${path}.signed.pdf`, (file) => file.writeFile('x'));
      await writeWhole(path, (file) => file.writeFile('x'));
    },
  );

  it('never leads to a file that is there', async () => {
    const folder = join(dir, 'Downloads');
    const first = await freeSavePath('Lease.pdf', folder);
    expect(first).toBe(join(folder, 'Lease.pdf'));
    await writeFile(first, '');
    const second = await freeSavePath('Lease.pdf', folder);
    expect(second).toBe(join(folder, 'Lease (2).pdf'));
    await writeFile(second, '');
    expect(await freeSavePath('Lease.pdf', folder)).toBe(join(folder, 'Lease (3).pdf'));
  });
});
