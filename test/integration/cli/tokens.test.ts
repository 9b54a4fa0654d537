/** The token commands as a person runs them: SoftHSM for tokens and PINs, virtual readers for cards that come and go. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { calls } from '../../../preload/contract.ts';
import { insertAtrCard } from '../../sandbox/atr-card.ts';
import { createPcscd, pcscdUnavailable, type TestPcscd } from '../../sandbox/pcscd.ts';
import { createPki } from '../../sandbox/pki/index.ts';
import type { SoftHsmToken } from '../../sandbox/softhsm.ts';
import { type Ran, runCli } from './run-cli.ts';
import { createSignerToken, PIN, SO_PIN } from './signer-token.ts';

const cliEntry = fileURLToPath(new URL('../../../main/cli.ts', import.meta.url));
const ATR = '3b8a015669727475616c50495685';
let dir: string;
let token: SoftHsmToken;
const at = (name: string) => join(dir, name);
/** No desk runs, and none is started: the profile's folder must stay absent. */
const env = () => ({ ...token.env, COUNTERSIGN_PROFILE: at('profile'), PCSCLITE_CSOCK_NAME: at('no-pcscd') });

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'cli-tokens-'));
  const pki = await createPki({ now: Date.now() });
  token = await createSignerToken(at('token'), pki, { alone: true });
  await writeFile(at('text.so'), 'no library');
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const run = (args: readonly string[], secrets?: readonly string[]): Promise<Ran> =>
  runCli(args, env(), secrets?.join('\n'));
const softHsm = () => ['--module', token.modulePath];

describe('tokens', () => {
  it('lists token, reader and certificate, what it is for and that it can sign', async () => {
    const { code, stdout } = await run(['tokens', ...softHsm()]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/Card .* ok +01 +Ilze Liepa +ec 256 .*yes/);
    const listed = JSON.parse((await run(['tokens', '--json', ...softHsm()])).stdout);
    expect(calls['tokens.diagnose'].output.parse(listed)).toMatchObject({
      diagnosis: { layer: 'ok', cards: [] },
      service: 'pcsc-service-down',
      modules: [{ path: token.modulePath, source: 'user', vendor: 'SoftHSM' }],
      tokens: [{ label: 'Card', identities: [{ commonName: 'Ilze Liepa', keyUsage: expect.anything() }] }],
      problems: [],
      absent: [],
    });
  });

  it.each([
    ['is gone', '/nowhere/module.so', 'module-missing'],
    ['is no library', () => at('text.so'), 'module-failed'],
  ])('ends with the token exit where the module %s', async (_, path, problem) => {
    const { code, stdout } = await run(['tokens', '--json', '--module', typeof path === 'string' ? path : path()]);
    expect(code).toBe(5);
    expect(JSON.parse(stdout)).toMatchObject({ tokens: [], problems: [{ code: problem }] });
  });

  it('diagnoses in words and for programs', async () => {
    const { code, stdout } = await run(['tokens', 'diagnose', ...softHsm()]);
    expect(code).toBe(0);
    expect(stdout).toContain('A certificate is here that can sign.');
    expect(stdout).toContain(`Module ${token.modulePath} (SoftHSM): loaded`);
    const without = await run(['tokens', 'diagnose', '--json', '--module', '/nowhere/module.so']);
    expect(without.code).toBe(5);
    expect(JSON.parse(without.stdout)).toMatchObject({ diagnosis: { layer: 'no-pcsc-service' } });
  });

  it('knows no other command', async () => {
    expect((await run(['tokens', 'forget'])).code).toBe(2);
  });

  it('opens no profile', async () => {
    await expect(stat(at('profile'))).rejects.toThrow('ENOENT');
  });
});

describe('changing PINs', () => {
  const change = (secrets: string[], ...more: string[]) =>
    run(['tokens', 'change-pin', ...softHsm(), '--pin-fd', '3', ...more], secrets);

  it('gives the token its new PIN, which the next change then needs', async () => {
    const changed = await change([PIN, '77665544'], '--json');
    expect(changed.code).toBe(0);
    expect(JSON.parse(changed.stdout)).toMatchObject({ token: expect.stringContaining(token.serialNumber) });
    expect((await change([PIN, '00000000'])).code).toBe(4);
    expect((await change(['77665544', PIN])).code).toBe(0);
  });

  it('says that a try was used for a wrong PIN, and repeats none of the PINs', async () => {
    const { code, stdout, stderr } = await change(['999999', '77665544']);
    expect(code).toBe(4);
    expect(stderr).toContain('One try was used');
    expect(stdout + stderr).not.toMatch(/999999|77665544/);
    expect((await change([PIN, PIN])).code).toBe(0);
  });

  it('sends nothing where the new PIN has a length the token does not take', async () => {
    const { code, stderr } = await change(['999999', '1']);
    expect(code).toBe(4);
    expect(stderr).toContain('Nothing was sent');
    expect(JSON.parse((await run(['tokens', '--json', ...softHsm()])).stdout)).toMatchObject({
      tokens: [{ pin: { countLow: false } }],
    });
  });

  it('unblocks with the security officer’s PIN', async () => {
    const unblock = (so: string, next: string) =>
      run(['tokens', 'unblock', '--so', ...softHsm(), '--pin-fd', '3'], [so, next]);
    expect((await unblock('00000000', PIN)).code).toBe(4);
    expect((await unblock(SO_PIN, '99887766')).code).toBe(0);
    expect((await change(['99887766', PIN])).code).toBe(0);
  });

  /** Runs at a terminal of its own (util-linux's `script`), with an answer to each question as it comes. */
  async function atTerminal(args: readonly string[], answers: readonly string[]) {
    const words = [process.execPath, '--no-warnings', cliEntry, ...args].map((word) => `'${word}'`).join(' ');
    const child = spawn('script', ['--quiet', '--return', '--command', words, '/dev/null'], {
      env: { ...process.env, ...env() },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    let said = '';
    let answered = 0;
    child.stdout.on('data', (chunk) => {
      said += String(chunk);
      const asked = said.match(/: (?=\r?\n|$)/g)?.length ?? 0;
      while (answered < Math.min(asked, answers.length)) child.stdin.write(`${answers[answered++]}\r`);
    });
    const [code] = await once(child, 'close');
    return { code, said };
  }

  it('asks at the terminal without echo, each PIN twice, and sends nothing where the two differ', async () => {
    const command = ['tokens', 'change-pin', ...softHsm()];
    const differ = await atTerminal(command, [PIN, PIN, '77665544', '77665545']);
    expect(differ).toMatchObject({ code: 4, said: expect.stringContaining('Nothing was sent') });
    const changed = await atTerminal(command, [PIN, PIN, '77665544', '77665544']);
    expect(changed).toMatchObject({ code: 0, said: expect.stringContaining('The PIN is changed') });
    expect(differ.said + changed.said).not.toMatch(new RegExp(`${PIN}|776655`));
    expect((await change(['77665544', PIN])).code).toBe(0);
  });

  it.each([
    ['no such token', ['--token', 'Other'], 5],
    ['no terminal to ask at', [], 2],
  ])('ends with the right exit for %s', async (_, flags, exit) => {
    expect((await run(['tokens', 'change-pin', ...softHsm(), ...flags])).code).toBe(exit);
  });
});

describe.skipIf(pcscdUnavailable !== undefined)(`cards in readers (${pcscdUnavailable ?? 'virtual'})`, () => {
  let pcscd: TestPcscd;

  beforeAll(async () => {
    pcscd = await createPcscd();
    await pcscd.start();
  });
  afterAll(() => pcscd.remove());

  it('watches: a line for what is there, for a card put in with its ATR, and for one taken out', async () => {
    const args = ['--no-warnings', cliEntry, 'tokens', '--watch', '--json', ...softHsm()];
    const child = spawn(process.execPath, args, {
      env: { ...process.env, ...env(), ...pcscd.env },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const lines: Record<string, unknown>[] = [];
    createInterface({ input: child.stdout }).on('line', (line) => lines.push(JSON.parse(line)));
    const heard = (line: Record<string, unknown>) =>
      expect.poll(() => lines, { timeout: 30_000 }).toContainEqual(expect.objectContaining(line));
    try {
      await heard({ event: 'reader-added', reader: pcscd.readers[1] });
      await heard({ event: 'token-added', token: expect.objectContaining({ label: 'Card' }) });
      await heard({ event: 'watching' });
      const card = await insertAtrCard(pcscd.ports[0], ATR);
      await heard({ event: 'card-inserted', reader: pcscd.readers[0], atr: ATR });
      await card.eject();
      await heard({ event: 'card-removed', reader: pcscd.readers[0] });
    } finally {
      child.kill('SIGINT');
    }
    expect(await once(child, 'close')).toEqual([0, null]);
  });

  it('diagnoses a card that nothing here knows, with its ATR to report', async () => {
    const card = await insertAtrCard(pcscd.ports[0], ATR);
    const { stdout } = await runCli(['tokens', 'diagnose', '--json', ...softHsm()], { ...env(), ...pcscd.env });
    await card.eject();
    expect(JSON.parse(stdout)).toMatchObject({
      service: 'running',
      readers: [{ name: pcscd.readers[0], cardPresent: true, atr: ATR }, { cardPresent: false }],
      diagnosis: { layer: 'ok', cards: [{ reader: pcscd.readers[0], layer: 'card-unknown', atr: ATR }] },
    });
  });
});
