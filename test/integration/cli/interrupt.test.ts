/** Ctrl-C while files are signed: what the token is at is finished, nothing after it is begun, and nothing is left half done. */
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PDFDocument } from 'pdf-lib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildFaultModule } from '../../contract/tokens/token-stack.ts';
import { createPki } from '../../sandbox/pki/index.ts';
import type { SoftHsmToken } from '../../sandbox/softhsm.ts';
import { runCli } from './run-cli.ts';
import { createSignerToken, PIN } from './signer-token.ts';

const FILES = 40;
const SIGN_MS = '100';
/** As a shell tells of a process that ended by SIGINT. */
const INTERRUPTED = 130;
let dir: string;
let token: SoftHsmToken;
let fault: string;
let files: string[];
const at = (name: string) => join(dir, name);

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'cli-interrupt-'));
  token = await createSignerToken(at('token'), await createPki({ now: Date.now() }));
  fault = await buildFaultModule({ folder: dir });
  const pdf = await PDFDocument.create();
  pdf.addPage();
  const bytes = await pdf.save();
  files = Array.from({ length: FILES }, (_, index) => at(`in-${index}.pdf`));
  for (const file of files) await writeFile(file, bytes);
});
afterAll(() => rm(dir, { recursive: true, force: true }));

/** To all processes in front, as a terminal does. */
function pressCtrlC({ pid }: ChildProcess): void {
  if (pid !== undefined) process.kill(-pid, 'SIGINT');
}

async function signing(faults: Readonly<Record<string, string>>, onWords: (child: ChildProcess) => unknown) {
  const out = await mkdtemp(at('out-'));
  const env = { ...token.env, COUNTERSIGN_PROFILE: at('profile'), XDG_CONFIG_HOME: at('config') };
  const slow = { FAULT: 'slow-sign', FAULT_REAL: token.modulePath, ...faults };
  const flags = ['--module', fault, '--pin-fd', '3', '--out', out, '--level', 'B-B'];
  const ran = await runCli(['sign', ...files, ...flags], { ...env, ...slow }, PIN, { onWords, inFront: true });
  return { ...ran, made: await readdir(out) };
}

it('finishes what the token is at and tells of each file what became of it', async () => {
  const { code, stdout, made } = await signing({ FAULT_MS: SIGN_MS }, pressCtrlC);
  const lines = stdout.trimEnd().split('\n');
  expect(code).toBe(3);
  expect(lines).toHaveLength(FILES);
  expect(lines.filter((line) => line.includes(': signed, '))).toHaveLength(made.length);
  expect(lines.filter((line) => line.endsWith(': Cancelled.'))).toHaveLength(FILES - made.length);
  // The one the token was at, and those that were signed before the words were read.
  expect(made.length).toBeLessThan(FILES / 2);
  expect(made.every((name) => name.endsWith('.pdf'))).toBe(true);
});

/** Processes of the token that are not at their end. */
async function hosts(): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
  return lines.filter((line) => line.includes('token-host') && line.includes(fault));
}

it('ends the second time, and a module that hangs with it', async () => {
  let heldBefore: string[] = [];
  const { code, made } = await signing(
    { FAULT: 'slow-sign,hang-sign', FAULT_MS: '20', FAULT_AFTER: '1' },
    async (child) => {
      heldBefore = await hosts();
      pressCtrlC(child);
      // Two signals at one time are one.
      setTimeout(() => pressCtrlC(child), 200);
    },
  );
  expect(code).toBe(INTERRUPTED);
  expect(heldBefore).toHaveLength(1);
  expect(made.length).toBeGreaterThan(0);
  await expect.poll(hosts).toEqual([]);
});
