/**
 * Kills a desk's process with SIGKILL over and over, at each state of a signature and at random moments, and starts it again on the
 * same profile and the same sandbox, which lives on. At the end all is there once: counted at the server by effects.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { PDFDocument } from 'pdf-lib';
import type { ConflictView, JobStateKind, JobView, OutboxView } from '../../../preload/model.ts';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';

export interface SignerRun {
  readonly root: string;
  readonly secretsDir: string;
  readonly baseUrl: string;
  readonly username: string;
  readonly password: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly timestampUrl: string;
  readonly rootPemPath: string;
  readonly modulePath: string;
  readonly serialNumber: string;
  readonly pin: string;
  /** What the person takes up begins so; the rest of the demo's inbox is left alone. */
  readonly titled: string;
  readonly dieAt?: { readonly state: JobStateKind; readonly nth: number };
  /** Ends after its batch, whatever still waits. */
  readonly leaveUnfinished?: boolean;
}

interface Done {
  readonly isQuiet: boolean;
  readonly jobs: readonly JobView[];
  readonly outbox: readonly OutboxView[];
  readonly conflicts: readonly ConflictView[];
  readonly verdicts: readonly { transactionId: string; documentId: string; valid: boolean; signatures: number }[];
}

interface End {
  readonly killed: boolean;
  readonly done: Done | undefined;
  readonly stderr: string;
}

const signer = fileURLToPath(new URL('./signer-process.ts', import.meta.url));
/** Nobody answers there: a signature waits for its timestamp. */
const NO_AUTHORITY = 'http://127.0.0.1:9/';

/** @param killAfterMs from outside, so long after its profile is open */
function live(run: SignerRun, env: NodeJS.ProcessEnv, killAfterMs?: number): Promise<End> {
  const child = spawn(process.execPath, ['--no-warnings', signer], {
    env: { ...process.env, ...env, KILL_RUN: JSON.stringify(run) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let done: Done | undefined;
  let stderr = '';
  let timer: NodeJS.Timeout | undefined;
  child.stderr.on('data', (chunk) => {
    stderr += String(chunk);
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    const said = JSON.parse(line) as { step: string } & Done;
    if (said.step === 'done') done = said;
    if (said.step === 'open' && killAfterMs !== undefined) timer = setTimeout(() => child.kill('SIGKILL'), killAfterMs);
  });
  return new Promise((resolve) =>
    child.once('close', (_code, signal) => {
      clearTimeout(timer);
      resolve({ killed: signal === 'SIGKILL', done, stderr });
    }),
  );
}

async function pdf(text: string): Promise<Uint8Array> {
  const document = await PDFDocument.create();
  document.addPage().drawText(text);
  return document.save();
}

/** One more transaction for the person to sign. @returns its id at the provider */
async function addWork({ signingToday: { state } }: Sandbox, title: string): Promise<string> {
  const me = state.ledger.directory.users.find(({ user }) => user.username === 'marta')?.user.id ?? '';
  const signatureRequests = [{ signer: me, reason: 'Agreed', withTimestamp: true }];
  const document = { title, pdf: await pdf(title), signerGroups: [[me]], signatureRequests };
  return (await state.addDst({ title, createdBy: me, documents: [document] })).id;
}

/** Where a signature stands between the PIN and its confirmation. */
export const boundaries: readonly JobStateKind[] = [
  'awaiting-preparation',
  'prepared',
  'signed',
  'awaiting-timestamp',
  'complete',
  'queued',
  'delivering',
  'delivered',
];

/** Everything once: at the server by effects, here by jobs; nothing waits, nothing failed. */
function check(sandbox: Sandbox, work: readonly string[], { done, stderr }: End): void {
  assert.ok(done, `the last run ended early: ${stderr}`);
  assert.ok(done.isQuiet, `not quiet: ${JSON.stringify(done.outbox)}`);
  assert.deepEqual([done.outbox, done.conflicts], [[], []]);
  const { state } = sandbox.signingToday;
  for (const dstId of work) {
    const dst = state.dst(dstId);
    assert.equal(dst.status, 'signed', dst.title);
    assert.equal(state.effects({ dstId, kind: 'signature' }).length, 1, `${dst.title} was signed more than once`);
    assert.equal(state.effects({ dstId, kind: 'note-added' }).length, 1, `${dst.title} has its note more than once`);
    const uploads = state.effects({ dstId, kind: 'resource-added' }).length;
    assert.ok(uploads <= 1, `${dst.title} was uploaded ${uploads} times`);
    const jobs: readonly JobView[] = done.jobs.filter(({ transactionId }) => transactionId.endsWith(`:${dstId}`));
    assert.equal(jobs.filter((job) => job.state === 'delivered').length, 1, dst.title);
    assert.ok(jobs.every((job) => job.state === 'delivered' || job.state === 'cancelled'));
    const verdict: Done['verdicts'][number] | undefined = done.verdicts.find(({ transactionId }) =>
      transactionId.endsWith(`:${dstId}`),
    );
    assert.deepEqual([verdict?.valid, verdict?.signatures], [true, 1], dst.title);
  }
}

export interface KillOptions {
  readonly random: number;
  readonly seed: number;
  /** Told what is about to happen. */
  readonly say?: (line: string) => void;
}

/** @returns how many processes were killed @throws AssertionError where anything is lost or made twice */
export async function killOverAndOver({ random, seed, say = () => undefined }: KillOptions): Promise<number> {
  const dir = await mkdtemp(join(tmpdir(), 'countersign-kill-'));
  const sandbox = await startSandbox(join(dir, 'sandbox'));
  const { baseUrl, username, password, clientId, clientSecret, rootPemPath, token, pin, timestampUrl } = sandbox;
  const common: SignerRun = {
    root: join(dir, 'profile'),
    secretsDir: join(dir, 'keys'),
    ...{ baseUrl, username, password, clientId, clientSecret, rootPemPath, pin, timestampUrl },
    modulePath: token.modulePath,
    serialNumber: token.serialNumber,
    titled: 'At ',
  };
  const work: string[] = [];
  let killed = 0;
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  try {
    for (const boundary of boundaries) {
      work.push(await addWork(sandbox, `At ${boundary}`));
      say(`killed at ${boundary}`);
      const waits = boundary === 'awaiting-timestamp' ? { timestampUrl: NO_AUTHORITY } : {};
      const end = await live({ ...common, ...waits, dieAt: { state: boundary, nth: 1 } }, token.env);
      assert.ok(end.killed, `${boundary} was not reached: ${end.stderr}`);
      killed += 1;
    }
    for (let i = 1; i <= random; i += 1) {
      work.push(await addWork(sandbox, `At random ${i}`));
      const killAfterMs = Math.round(next() * 1500);
      say(`killed ${killAfterMs} ms after it was open (${i} of ${random})`);
      if ((await live(common, token.env, killAfterMs)).killed) killed += 1;
    }
    check(sandbox, work, await live(common, token.env));
    return killed;
  } finally {
    await sandbox.stop();
    await rm(dir, { recursive: true, force: true });
  }
}
