/** Signed messages at the command line, to every level and raised later, as openssl sees them. */
import { mkdtemp, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run } from '../../contract/pki-sandbox/openssl.ts';
import { levelsStage, PIN } from './levels-stage.ts';

const { stage, at, cli, signing, levelsOf } = levelsStage();

describe('sign --cades', () => {
  const openssl = async (message: string, ...more: string[]) => {
    const trusted = ['-CAfile', stage().rootPem, '-purpose', 'any', '-cades', '-binary', '-out', at('content.out')];
    return (await run('openssl', ['cms', '-verify', '-inform', 'DER', '-in', message, ...trusted, ...more])).code;
  };

  it('signs any file around, beside, and once more in parallel, as openssl sees it', async () => {
    await writeFile(at('letter.txt'), 'Dear all,\r\n'.repeat(100_000));
    const out = await mkdtemp(at('cades-'));
    const flags = ['--cades', '--out', out, ...signing()];
    expect(await cli(['sign', at('letter.txt'), ...flags, '--level', 'B-LT'], PIN)).toMatchObject({
      code: 0,
      stderr: '',
    });
    expect(await cli(['sign', at('letter.txt'), ...flags, '--detached'], PIN)).toMatchObject({ code: 0, stderr: '' });
    expect(await cli(['sign', join(out, 'letter.txt.p7m'), ...flags], PIN)).toMatchObject({ code: 0, stderr: '' });
    for (const name of ['letter.txt.p7m', 'letter.txt.signed.p7m']) {
      expect(await openssl(join(out, name))).toBe(0);
      expect((await readFile(at('content.out'))).equals(await readFile(at('letter.txt')))).toBe(true);
    }
    expect(await openssl(join(out, 'letter.txt.p7s'), '-content', at('letter.txt'))).toBe(0);
    expect(await openssl(join(out, 'letter.txt.p7s'), '-content', at('a.pdf'))).not.toBe(0);
  });

  it('signs a detached message once more where its content is named, and refuses another content', async () => {
    await writeFile(at('note.txt'), 'Agreed.\r\n');
    await writeFile(at('other.txt'), 'Agreed?\r\n');
    const out = await mkdtemp(at('detached-'));
    const flags = ['--cades', '--out', out, ...signing()];
    expect(await cli(['sign', at('note.txt'), ...flags, '--detached'], PIN)).toMatchObject({ code: 0, stderr: '' });
    const [once, twice] = [join(out, 'note.txt.p7s'), join(out, 'note.txt.signed.p7s')];
    for (const [content, expected] of [
      [[], 'content-missing'],
      [['--content', at('other.txt')], 'content-mismatch'],
    ] as const) {
      const refused = await cli(['sign', once, ...flags, ...content, '--json'], PIN);
      expect([refused.code, JSON.parse(refused.stdout)]).toMatchObject([3, [{ code: expected }]]);
      await expect(stat(twice)).rejects.toThrow('ENOENT');
    }
    const again = await cli(['sign', once, ...flags, '--content', at('note.txt')], PIN);
    expect(again).toMatchObject({ code: 0, stderr: '' });
    expect(await openssl(twice, '-content', at('note.txt'))).toBe(0);
    expect(await openssl(twice, '-content', at('other.txt'))).not.toBe(0);
    const verified = await cli(['verify', twice, '--content', at('note.txt'), '--trust', stage().rootPem, '--json']);
    expect([verified.code, JSON.parse(verified.stdout)]).toMatchObject([
      0,
      { valid: true, signatures: [{ level: 'B-T' }, { level: 'B-T' }] },
    ]);
    expect((await cli(['sign', at('note.txt'), ...flags, '--content', at('note.txt')], PIN)).code).toBe(2);
  });

  it('keeps in the message what says later, without a network, that nothing was revoked', async () => {
    const out = await mkdtemp(at('kept-'));
    const sign = (file: string, ...flags: string[]) =>
      cli(['sign', file, '--cades', '--out', out, ...signing(), ...flags], PIN);
    expect(await sign(at('a.pdf'), '--level', 'B-LT')).toMatchObject({ code: 0, stderr: '' });
    const message = join(out, 'a.pdf.p7m').slice(stage().dir.length + 1);
    expect(await levelsOf(message)).toEqual({ code: 0, levels: ['B-LT'], revocation: 'good' });
    // Without a root to trust nothing is kept that could be relied on.
    const { stdout } = await cli(['verify', at(message), '--offline', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ signatures: [{ level: 'B-T', revocation: 'not-checked' }] });
    expect(await sign(at('b.pdf'), '--level', 'B-T')).toMatchObject({ code: 0 });
    const plain = await levelsOf(join(out, 'b.pdf.p7m').slice(stage().dir.length + 1));
    expect(plain).toEqual({ code: 0, levels: ['B-T'], revocation: 'not-checked' });
  });

  it('keeps the B-T signature where the responders are away, and is raised later, around and beside', async () => {
    const out = await mkdtemp(at('later-'));
    for (const [name, ...flags] of [['a.pdf.p7m'], ['a.pdf.p7s', '--detached']] as const) {
      stage().server.setState('down');
      const sign = ['sign', at('a.pdf'), '--cades', '--out', out, ...signing(), '--level', 'B-LT', '--json', ...flags];
      const signed = await cli(sign, PIN);
      expect([signed.code, JSON.parse(signed.stdout)]).toMatchObject([3, [{ code: 'validation-data-incomplete' }]]);
      stage().server.setState('up');
      const path = join(out, name);
      const beside = name.endsWith('p7s') ? ['--content', at('a.pdf')] : [];
      const message = path.slice(stage().dir.length + 1);
      expect((await levelsOf(message, ...beside)).levels).toEqual(['B-T']);
      const extend = ['extend', path, '--level', 'B-LT', '--trust', stage().rootPem];
      if (beside.length > 0) expect((await cli([...extend, '--content', at('b.pdf')])).code).toBe(3);
      expect(await cli([...extend, ...beside])).toMatchObject({ code: 0, stderr: '' });
      expect(await levelsOf(message, ...beside)).toEqual({ code: 0, levels: ['B-LT'], revocation: 'good' });
      expect(await openssl(path, ...(beside.length > 0 ? ['-content', at('a.pdf')] : []))).toBe(0);
      const again = await cli([...extend, '--json']);
      expect(JSON.parse(again.stdout)).toMatchObject([{ addedBytes: 0 }]);
      expect((await cli(['extend', path, '--level', 'B-LTA', '--tsa', stage().authority.url])).code).toBe(3);
    }
  });

  it('at B-B is raised to B-T and B-LT later', async () => {
    const flags = ['--module', stage().token.modulePath, '--cert-id', '01', '--pin-fd', '3', '--level', 'B-B'];
    expect((await cli(['sign', at('a.pdf'), '--cades', '--out', at('bb.p7m'), ...flags], PIN)).code).toBe(0);
    for (const level of ['B-T', 'B-LT']) {
      const extend = [
        'extend',
        at('bb.p7m'),
        '--level',
        level,
        '--trust',
        stage().rootPem,
        '--tsa',
        stage().authority.url,
      ];
      expect(await cli(extend)).toMatchObject({ code: 0, stderr: '' });
      expect(await levelsOf('bb.p7m')).toMatchObject({ code: 0, levels: [level] });
    }
  });

  it('beside an earlier signature raises its own alone', async () => {
    const out = await mkdtemp(at('own-'));
    const flags = ['--cades', '--out', out, ...signing()];
    expect((await cli(['sign', at('a.pdf'), ...flags, '--level', 'B-T'], PIN)).code).toBe(0);
    const both = await cli(['sign', join(out, 'a.pdf.p7m'), ...flags, '--level', 'B-LT'], PIN);
    expect(both).toMatchObject({ code: 0, stderr: '' });
    expect(await openssl(join(out, 'a.pdf.signed.p7m'))).toBe(0);
  });

  it('goes up to B-LT', async () => {
    const { code } = await cli(['sign', at('a.pdf'), '--cades', ...signing(), '--level', 'B-LTA'], PIN);
    expect(code).toBe(2);
  });
});
