import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pdfsig, qpdfCheck } from '../../sandbox/demo/judges.ts';
import { createPki, type SandboxTimestampAuthority, startTimestampAuthority } from '../../sandbox/pki/index.ts';
import type { SoftHsmToken } from '../../sandbox/softhsm.ts';
import { type Ran, runCli } from './run-cli.ts';
import { writeSampleFiles } from './sample-files.ts';
import { createSignerToken, PIN } from './signer-token.ts';

const run = promisify(execFile);
/** Its exit code says whether it is content. */
const qpdf = (args: readonly string[]) => run('qpdf', args);
const picture = fileURLToPath(new URL('../../vectors/appearance/image-only.png', import.meta.url));

let dir: string;
let token: SoftHsmToken;
let authority: SandboxTimestampAuthority;
let rootPem: string;
const at = (name: string) => join(dir, name);

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'cli-files-'));
  const pki = await createPki({ now: Date.now() });
  token = await createSignerToken(at('token'), pki, { keyType: 'rsa-2048' });
  authority = await startTimestampAuthority(pki, { clock: Date });
  rootPem = await writeSampleFiles(at, pki);
});
afterAll(async () => {
  await authority.stop();
  await rm(dir, { recursive: true, force: true });
});

/** No profile is to be opened: its place is a folder that must stay absent. */
function cli(args: readonly string[], secret?: string): Promise<Ran> {
  const env = {
    ...token.env,
    NODE_COMPILE_CACHE: at('cache'),
    COUNTERSIGN_PROFILE: at('profile'),
    XDG_CONFIG_HOME: at('config'),
  };
  return runCli(args, env, secret);
}

const signing = () => ['--module', token.modulePath, '--pin-fd', '3'];

describe('sign FILE', () => {
  it('signs B-T at the place asked for, as outside judges see it, and leaves the input alone', async () => {
    const before = await readFile(at('a.pdf'));
    const place = ['--page', '1', '--rect', '10,10,30,8', '--reason', 'I agree'];
    const trust = ['--tsa', authority.url, '--trust', rootPem];
    const { code, stderr } = await cli(
      ['sign', at('a.pdf'), '--out', at('a1.pdf'), ...signing(), ...place, ...trust],
      PIN,
    );
    expect([code, stderr]).toEqual([0, '']);
    expect(await readFile(at('a.pdf'))).toEqual(before);
    const signed = await readFile(at('a1.pdf'));
    expect(signed.subarray(0, before.length)).toEqual(before);
    expect(await pdfsig(at('a1.pdf'), at('nss'), 1)).toEqual({ ok: true, said: '' });
    expect(await qpdfCheck(at('a1.pdf'))).toEqual({ ok: true, said: '' });
    const verified = await cli(['verify', at('a1.pdf'), '--trust', rootPem, '--json']);
    expect(verified.code).toBe(0);
    expect(JSON.parse(verified.stdout)).toMatchObject({
      valid: true,
      signatures: [{ signerCommonName: 'Ilze Liepa', level: 'B-T', chain: 'trusted', covers: 'whole-file' }],
    });
  });

  it('states commitment, location and policy, valid for the judges; a reason beside them costs no PIN', async () => {
    const policy = `1.3.6.1.4.1.99999.1:${'ab'.repeat(32)}`;
    const stated = ['--commitment', 'approval', '--signer-location', 'LV;Rīga', '--policy', policy];
    const { code, stderr } = await cli(['sign', at('a.pdf'), '--out', at('stated.pdf'), ...signing(), ...stated], PIN);
    expect([code, stderr]).toEqual([0, '']);
    expect(await pdfsig(at('stated.pdf'), at('nss'), 1)).toEqual({ ok: true, said: '' });
    expect((await cli(['verify', at('stated.pdf'), '--trust', rootPem])).code).toBe(0);
    const both = [
      'sign',
      at('a.pdf'),
      '--out',
      at('both.pdf'),
      ...signing(),
      ...stated,
      '--reason',
      'I agree',
      '--json',
    ];
    const refused = await cli(both, '000000');
    expect([refused.code, JSON.parse(refused.stdout)]).toMatchObject([2, { error: { code: 'reason-excluded' } }]);
    await expect(stat(at('both.pdf'))).rejects.toThrow('ENOENT');
  });

  it('is refused by the judges, ours among them, once a signed byte is flipped', async () => {
    await cli(['sign', at('a.pdf'), '--out', at('flip.pdf'), ...signing()], PIN);
    const bytes = await readFile(at('flip.pdf'));
    bytes[200] = (bytes[200] ?? 0) ^ 1;
    await writeFile(at('flip.pdf'), bytes);
    expect((await pdfsig(at('flip.pdf'), at('nss'), 1)).ok).toBe(false);
    expect((await cli(['verify', at('flip.pdf'), '--trust', rootPem])).code).toBe(3);
  });

  it('signs several into a folder with one login, and says which one it could not', async () => {
    await writeFile(at('c.pdf'), 'this is text');
    // Nobody made it: several results need it.
    const out = at('signed/today');
    const files = ['a.pdf', 'c.pdf', 'b.pdf'].map(at);
    const { code, stdout } = await cli(['sign', ...files, '--out', out, ...signing(), '--json'], PIN);
    expect(code).toBe(7);
    const results = JSON.parse(stdout) as { code?: string }[];
    expect(results.map((r) => r.code)).toEqual([undefined, 'not-a-pdf', undefined]);
    expect((await readdir(out)).sort()).toEqual(['a.signed.pdf', 'b.signed.pdf']);
  });

  it('signs what is in a folder, and not what it made there before', async () => {
    const folder = await mkdtemp(at('folder-'));
    for (const name of ['a.pdf', 'b.pdf']) await copyFile(at(name), join(folder, name));
    await writeFile(join(folder, 'notes.txt'), 'not a PDF');
    for (const _ of [1, 2]) {
      const { code, stdout } = await cli(['sign', folder, ...signing(), '--json'], PIN);
      expect([code, (JSON.parse(stdout) as unknown[]).length]).toEqual([0, 2]);
    }
    expect((await readdir(folder)).sort()).toEqual(['a.pdf', 'a.signed.pdf', 'b.pdf', 'b.signed.pdf', 'notes.txt']);
    const onFile = await cli(['sign', folder, '--out', at('a.pdf'), ...signing()], PIN);
    expect([onFile.code, onFile.stderr]).toEqual([2, expect.stringContaining('--out must be a folder')]);
  });

  it('ends with the PIN exit on a wrong PIN and writes nothing', async () => {
    const { code, stderr } = await cli(['sign', at('a.pdf'), '--out', at('no.pdf'), ...signing()], '000000');
    expect(code).toBe(4);
    expect(stderr).toContain('One try was used');
    expect(stderr).not.toContain('000000');
    await expect(stat(at('no.pdf'))).rejects.toThrow('ENOENT');
  });

  it.each([
    ['an absent module', ['--module', '/nowhere/module.so'], 5],
    ['a file that is no module', ['--module', '/etc/hostname'], 5],
    ['an unknown token', ['--token', 'Other card'], 5],
    ['an unknown flag', ['--unknown'], 2],
    ['a timestamp level without an authority', ['--level', 'B-T'], 2],
    ['a rectangle that is none', ['--rect', '1,2'], 2],
  ])('ends with the right exit on %s', async (_what, flags, exit) => {
    const { code } = await cli(['sign', at('a.pdf'), '--out', at('no.pdf'), ...signing(), ...flags], PIN);
    expect(code).toBe(exit);
  });

  it('loses nothing when the timestamp authority answers nonsense', async () => {
    authority.misbehave('html');
    const { code, stdout } = await cli(
      ['sign', at('a.pdf'), '--out', at('kept.pdf'), ...signing(), '--tsa', authority.url],
      PIN,
    );
    authority.misbehave(undefined);
    expect(code).toBe(3);
    expect(stdout).toContain('signed B-B');
    expect((await pdfsig(at('kept.pdf'), at('nss'), 1)).ok).toBe(true);
    const raised = await cli(['extend', at('kept.pdf'), '--level', 'B-T', '--tsa', authority.url, '--trust', rootPem]);
    expect(raised.code).toBe(0);
  });

  it('certifies an encrypted file with an image in its mark; inspect and the judges see it', async () => {
    await qpdf(['--encrypt', 'reader', 'owner', '256', '--', at('a.pdf'), at('locked.pdf')]);
    const place = ['--rect', '40,40,200,80', '--unit', 'pt', '--corner', 'bottom-right'];
    const look = ['--image', picture, '--layout', 'image-left', '--location', 'Rīga', '--certify', '2'];
    const sign = ['sign', at('locked.pdf'), '--out', at('certified.pdf'), ...signing(), ...place, ...look];
    expect((await cli(sign, PIN)).code).toBe(7);
    expect((await cli([...sign, '--password-fd', '3'], `reader\n${PIN}`)).code).toBe(0);
    await qpdf(['--password=reader', '--check', at('certified.pdf')]);
    const { code, stdout } = await cli(['inspect', at('certified.pdf'), '--json', '--password-fd', '3'], 'reader');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      certifiedLevel: 2,
      repaired: false,
      encryption: { revision: 6, openedBy: 'user' },
      fields: [{ name: 'Signature1', type: 'Sig', filled: true }],
      signatures: [{ subFilter: 'ETSI.CAdES.detached' }],
    });
    const verified = await cli(['verify', at('certified.pdf'), '--trust', rootPem, '--password-fd', '3'], 'reader');
    expect(verified.stdout).toContain('intact');
    expect((await cli(['inspect', at('certified.pdf')])).code).toBe(7);
  });

  it('writes a damaged file anew where that is asked for, an encrypted one encrypted as before', async () => {
    await qpdf(['--encrypt', 'reader', 'owner', '256', '--', at('a.pdf'), at('secret.pdf')]);
    for (const [name, of, password] of [
      ['plain', 'a.pdf', []],
      ['sealed', 'secret.pdf', ['--password-fd', '3']],
    ] as const) {
      const whole = (await readFile(at(of))).toString('latin1');
      const damaged = Buffer.from(whole.replace(/startxref\s+\d+/, 'startxref\n7'), 'latin1');
      await writeFile(at(`${name}.pdf`), damaged);
      const out = at(`${name}-anew.pdf`);
      const secrets = password.length > 0 ? `reader\n${PIN}` : PIN;
      const sign = ['sign', at(`${name}.pdf`), '--out', out, ...signing(), ...password];
      const refused = await cli(sign, secrets);
      expect(refused).toMatchObject({ code: 7, stdout: expect.stringContaining('rewrite') });
      await expect(stat(out)).rejects.toThrow('ENOENT');
      expect((await cli([...sign, '--rewrite'], secrets)).code).toBe(0);
      const opened = password.length > 0 ? ['--password=reader'] : [];
      await qpdf([...opened, '--check', out]);
      const { stdout } = await run('pdftotext', [...(password.length > 0 ? ['-upw', 'reader'] : []), out, '-']);
      expect(stdout).toContain('Document a.pdf');
      const verified = await cli(['verify', out, '--trust', rootPem, ...password], 'reader');
      expect(verified.stdout).toContain('intact');
      expect(await readFile(at(`${name}.pdf`))).toEqual(damaged);
    }
    await expect(qpdf(['--check', at('sealed-anew.pdf')])).rejects.toThrow('invalid password');
  });

  it('inspects a linearized file, and one whose cross-reference data is wrong', async () => {
    await qpdf(['--linearize', at('a.pdf'), at('linear.pdf')]);
    const linear = await cli(['inspect', at('linear.pdf'), '--json']);
    expect(JSON.parse(linear.stdout)).toMatchObject({
      linearized: true,
      repaired: false,
      revisionEnds: [expect.any(Number)],
    });
    const bytes = await readFile(at('a.pdf'));
    await writeFile(at('cut.pdf'), bytes.subarray(0, bytes.length - 30));
    const { code, stdout } = await cli(['inspect', at('cut.pdf')]);
    expect(code).toBe(0);
    expect(stdout).toContain('damaged');
  });

  it('opens no profile', async () => {
    await expect(stat(at('profile'))).rejects.toThrow('ENOENT');
    await expect(stat(at('config'))).rejects.toThrow('ENOENT');
  });
});

describe('tokens', () => {
  it('lists token and certificate', async () => {
    const { code, stdout } = await cli(['tokens', '--module', token.modulePath, '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      tokens: [{ label: 'Card', identities: [{ commonName: 'Ilze Liepa', keyType: 'rsa', keySizeBits: 2048 }] }],
      problems: [],
    });
  });
});
