import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPki, type Pki } from '../../sandbox/pki/index.ts';
import { makeSamples, placeNamed, type Sample, type SampleName } from '../../sandbox/samples/index.ts';
import { displayedText, judge } from './judges.ts';

const names: readonly SampleName[] = [
  'classic-xref',
  'object-streams',
  'rotated-pages',
  'crop-box',
  'empty-field',
  'three-hundred-pages',
  'twenty-megabytes',
  'text-forms',
  'incremental-update',
  'hybrid-xref',
  'non-latin',
  'signed-by-other',
];

describe('the sample documents', () => {
  let dir: string;
  let pki: Pki;
  let samples: readonly Sample[];

  const named = (name: SampleName): Sample => {
    const sample = samples.find((each) => each.name === name);
    if (!sample) throw new Error(`no sample ${name}`);
    return sample;
  };
  const fileOf = (name: SampleName) => join(dir, `${name}.pdf`);
  const textOf = (name: SampleName) => Buffer.from(named(name).bytes).toString('latin1');

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'countersign-samples-'));
    pki = await createPki({ now: Date.UTC(2026, 5, 1) });
    samples = await makeSamples(pki);
    for (const sample of samples) await writeFile(fileOf(sample.name), sample.bytes);
  });
  afterAll(() => rm(dir, { recursive: true, force: true }));

  it('are those the demo needs, each under a title of its own', () => {
    expect(samples.map(({ name }) => name).sort()).toEqual([...names].sort());
    expect(new Set(samples.map(({ title }) => title)).size).toBe(names.length);
  });

  it.each(names)('%s satisfies qpdf, which counts the pages it claims', async (name) => {
    const check = await judge('qpdf', '--check', fileOf(name));
    expect(check.code, check.output).toBe(0);
    expect(check.output).not.toContain('WARNING');
    const pages = await judge('qpdf', '--show-npages', fileOf(name));
    expect(pages.output.trim()).toBe(String(named(name).pages));
  });

  it('would be refused by qpdf with a cross-reference that is one byte off', async () => {
    const path = join(dir, 'mutant.pdf');
    const text = textOf('classic-xref');
    const mutant = text.replace(/startxref\n(\d+)/, (_, offset) => `startxref\n${Number(offset) + 40}`);
    await writeFile(path, mutant, 'latin1');
    expect((await judge('qpdf', '--check', path)).code).not.toBe(0);
  });

  it('have the same bytes when made again with the same PKI', async () => {
    const digest = (of: readonly Sample[]) =>
      of.map(({ name, bytes }) => `${name} ${createHash('sha256').update(bytes).digest('hex')}`);
    expect(digest(await makeSamples(pki))).toEqual(digest(samples));
  });

  it.each<[SampleName, RegExp, boolean]>([
    ['classic-xref', /\nxref\n0 \d+\n0000000000 65535 f/, true],
    ['classic-xref', /\/Type \/(XRef|ObjStm)/, false],
    ['object-streams', /\/Type \/XRef/, true],
    ['object-streams', /\/Type \/ObjStm/, true],
    ['object-streams', /\nxref\n/, false],
    ['rotated-pages', /\/Rotate 90 [\s\S]*\/Rotate 180 [\s\S]*\/Rotate 270 /, true],
    ['crop-box', /\/MediaBox \[-40 -60 635 902\] \/CropBox \[12 18 607 860\]/, true],
    ['empty-field', /\/FT \/Sig \/T \(Principal\)/, true],
    ['empty-field', /\/V /, false],
    ['incremental-update', /%%EOF[\s\S]*\/Prev \d+[\s\S]*%%EOF\n$/, true],
    ['hybrid-xref', /\nxref\n[\s\S]*\/XRefStm \d+/, true],
    ['non-latin', /\/Title <FEFF04140/, true],
    ['three-hundred-pages', /\/Count 300 /, true],
  ])('%s has in it %s: %s', (name, pattern, expected) => {
    expect(pattern.test(textOf(name))).toBe(expected);
  });

  it('keep the hybrid file’s outline where only readers of its stream find it', async () => {
    const shown = await judge('qpdf', '--json', '--json-key=outlines', fileOf('hybrid-xref'));
    expect(JSON.parse(shown.output).outlines).toHaveLength(1);
    expect(textOf('hybrid-xref')).not.toContain('/Title (Contract)');
  });

  it('include one of 20 MB whose pictures no compressor makes small, and one of 300 pages', () => {
    const { bytes } = named('twenty-megabytes');
    expect(bytes.length).toBeGreaterThan(20_000_000);
    expect(bytes.length).toBeLessThan(25_000_000);
    const middle = bytes.subarray(8_000_000, 8_060_000);
    expect(new Set(middle).size).toBeGreaterThan(100);
    expect(named('three-hundred-pages').pages).toBe(300);
  });

  it('have letters of other scripts that can be read back as text', async () => {
    const { output } = await judge('pdftotext', fileOf('non-latin'), '-');
    expect(output).toContain('Договір про надання послуг');
    expect(output).toContain('Σε περίπτωση διαφοράς υπερισχύει το ουκρανικό κείμενο');
  });

  it('show something on every kind of page', async () => {
    for (const page of [1, 2, 3, 4]) {
      const text = await displayedText(named('rotated-pages').bytes, page);
      expect(text.map((item) => item.text).join(' ')).toContain(page === 1 ? 'Schedule of works' : `Sheet ${page}`);
    }
  });

  it.each<[SampleName, string, string]>([
    ['classic-xref', 'witness', 'Witness'],
    ['object-streams', 'tenant', 'Tenant'],
    ['rotated-pages', 'client', 'Client'],
    ['rotated-pages', 'carpenter', 'Master carpenter'],
    ['rotated-pages', 'mason', 'Master mason'],
    ['rotated-pages', 'joiner', 'Master joiner'],
    ['crop-box', 'surgeon', 'Surgeon'],
    ['signed-by-other', 'borrower', 'Borrower'],
    ['non-latin', 'translator', 'Виконавець'],
  ])('%s: the place of %s stands, as displayed, above the words “%s”', async (name, key, words) => {
    const place = placeNamed(named(name), key);
    const label = (await displayedText(named(name).bytes, place.page)).find(
      ({ text, x }) => text === words && Math.abs(x - place.positionX) < 0.2,
    );
    const bottom = place.positionY + place.height;
    expect(label?.y).toBeGreaterThan(bottom);
    expect(label?.y).toBeLessThan(bottom + 4);
    for (const edge of [place.positionX, place.positionY]) expect(edge).toBeGreaterThanOrEqual(0);
    for (const edge of [place.positionX + place.width, bottom]) expect(edge).toBeLessThanOrEqual(100);
  });

  it('include one that another party has signed, which pdfsig finds valid and, with one bit changed, not', async () => {
    const good = await judge('pdfsig', '-nocert', fileOf('signed-by-other'));
    expect(good.output).toContain('Signature is Valid');
    expect(good.output).toContain('Total document signed');
    expect(good.output).toContain('Guild credit union');
    const mutant = named('signed-by-other').bytes.slice();
    const at = Buffer.from(mutant).indexOf('/CreationDate');
    mutant[at + 20] = (mutant[at + 20] ?? 0) ^ 1;
    const path = join(dir, 'mutant-signed.pdf');
    await writeFile(path, mutant);
    expect((await judge('pdfsig', '-nocert', path)).output).not.toContain('Signature is Valid');
  });

  it('lets the empty field be found by its full name', async () => {
    const { output } = await judge('qpdf', '--json', '--json-key=acroform', fileOf('empty-field'));
    const fields: { fullname: string; fieldtype: string }[] = JSON.parse(output).acroform.fields;
    expect(fields).toMatchObject([{ fullname: 'Principal.Signature', fieldtype: '/Sig' }]);
  });
});
