/**
 * A batch of files from disk to disk, one login, SoftHSM behind a token host: read, prepared, signed, verified, written and synced. Against a loop
 * of C_Sign in this process, in memory and on disk; and with a token that takes 100 ms a signature against that token's own rate.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseCertificate } from '../../main/pki/index.ts';
import { systemClock } from '../../main/platform/clock.ts';
import { createFileEngine, pathFiles, signFiles } from '../../main/signing/index.ts';
import { createTokens } from '../../main/tokens/index.ts';
import { buildFaultModule, createSoftHsmStack, seal, type TokenStack, unwrap } from '../contract/tokens/token-stack.ts';
import { type Bench, median, timed } from './bench.ts';
import { openRaw } from './raw-module.ts';
import { settledDisk } from './settled-disk.ts';
import { writeSizedPdf } from './sized-pdf.ts';

const FILES = 1000;
const SLOW_FILES = 30;
const FILE_BYTES = 50 * 1024;
const ROUNDS = 5;
const SLOW_MS = '100';
const MEMORY = '/dev/shm';

/** Signs the inputs, login included. @param output names the result of the input with that index @returns ms a file */
async function signBatch(
  stack: TokenStack,
  modulePath: string,
  env: Record<string, string>,
  inputs: readonly string[],
  output: (index: number) => string,
): Promise<number> {
  const tokens = createTokens({
    startProcess: stack.start(env),
    modulePaths: () => [modulePath],
    parseCertificate,
    clock: systemClock,
  });
  try {
    const { tokens: found } = await tokens.list([]);
    const [token] = found;
    const identity = token?.identities.find(({ keyType }) => keyType === 'rsa');
    if (!token || !identity) throw new Error('no token');
    const session = unwrap(await tokens.openSession(token.id));
    const batch = unwrap(await tokens.startBatch(session.sessionId, identity.id, await seal(session, stack.pin)));
    const jobs = inputs.map((input, index) => ({ input, output: output(index) }));
    const ms = await timed(async () => {
      const signing = {
        engine: createFileEngine(pathFiles),
        batch,
        commonName: 'Bench',
        clock: systemClock,
        validation: { anchors: [], at: Date.now() },
        timestamp: undefined,
        reason: '',
        fieldName: undefined,
        box: undefined,
      };
      for await (const { code } of signFiles(jobs, signing)) if (code !== undefined) throw new Error(code);
    });
    await batch.close();
    return ms / jobs.length;
  } finally {
    await tokens.close();
  }
}

/** Rounds of a batch and of raw C_Sign in turn; files lie below `root`. */
async function measure(stack: TokenStack, root: string, where: string, report: Parameters<Bench['run']>[0]) {
  const dir = await mkdtemp(join(root, 'countersign-batch-'));
  const raw = openRaw(stack);
  try {
    const inputs = await writeInputs(dir, FILES);
    const creating = await settledDisk(dir);
    const rawMs: number[] = [];
    const batchMs: number[] = [];
    for (let round = -1; round < ROUNDS; round++) {
      const floor = await raw.sign(FILES);
      const own = await signBatch(stack, stack.modulePath, {}, inputs, (index) => join(dir, `${round}-${index}.pdf`));
      // The first round warms.
      if (round < 0) continue;
      rawMs.push(floor);
      batchMs.push(own);
    }
    report({ what: `60 KB written and synced${where}`, ms: creating });
    const what = `${FILES} files of 50 KB${where}, each`;
    report({ what, ms: median(batchMs), floorMs: median(rawMs), floor: 'raw C_Sign' });
  } finally {
    raw.close();
    await rm(dir, { recursive: true, force: true });
  }
}

async function writeInputs(dir: string, count: number): Promise<string[]> {
  const inputs = Array.from({ length: count }, (_, index) => join(dir, `in-${index}.pdf`));
  for (const input of inputs) await writeSizedPdf(input, FILE_BYTES);
  return inputs;
}

async function measureSlowToken(stack: TokenStack, report: Parameters<Bench['run']>[0]) {
  const dir = await mkdtemp(join(tmpdir(), 'countersign-batch-'));
  try {
    const slow = await buildFaultModule(stack);
    const env = { FAULT: 'slow-sign', FAULT_MS: SLOW_MS, FAULT_REAL: stack.modulePath };
    Object.assign(process.env, env);
    const slowRaw = openRaw(stack, slow);
    const floorMs = await slowRaw.sign(SLOW_FILES);
    slowRaw.close();
    const ms = await signBatch(stack, slow, env, await writeInputs(dir, SLOW_FILES), (index) =>
      join(dir, `${index}.pdf`),
    );
    report({ what: `${SLOW_FILES} files, 100 ms token, each`, ms, floorMs, floor: 'that token alone' });
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

export const batchSigning: Bench = {
  subject: 'batch-signing',
  async run(report) {
    const stack = await createSoftHsmStack();
    try {
      if (existsSync(MEMORY)) await measure(stack, MEMORY, ' in memory', report);
      await measure(stack, tmpdir(), ' on disk', report);
      await measureSlowToken(stack, report);
    } finally {
      await stack.remove();
    }
  },
};
