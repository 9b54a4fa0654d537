/**
 * The demo: the product's main job on the sandbox, headless, with nothing to answer. Signs in, syncs, fills, declines, signs in
 * one batch with one PIN while the server goes away half way, delivers, and has every result judged.
 *
 *   --keep DIR   keep sandbox, profile and files in DIR      --resume   go on in a DIR whose demo was killed
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { accessTo, type DeskAccess } from '../../../main/cli/access.ts';
import { createDesk } from '../../../main/desk.ts';
import { createHeadlessHost } from '../../../main/host/headless-host.ts';
import { localBridge } from '../../../main/ipc/index.ts';
import { startSandbox } from '../sandbox.ts';
import { prepareProfile } from './prepare-profile.ts';
import { acceptTasks, printInbox, printResults, signEverything } from './steps.ts';
import { verifyEverything } from './verify.ts';

const { values } = parseArgs({ options: { keep: { type: 'string' }, resume: { type: 'boolean' } } });

async function openProfile(dir: string): Promise<DeskAccess> {
  const host = createHeadlessHost({ secretsDir: join(dir, 'keys') });
  const desk = await createDesk(host, { root: join(dir, 'profile'), version: 'demo', background: false });
  return accessTo(localBridge(desk.onCall, desk.on), () => desk.close());
}

/** Everything in `dir`; the signed files go to `signedDir`. True when every document is delivered and valid. */
async function run(dir: string, signedDir: string): Promise<boolean> {
  const startedMs = performance.now();
  const lap = () => `${((performance.now() - startedMs) / 1000).toFixed(1)} s`;
  const sandbox = await startSandbox(join(dir, 'sandbox'));
  Object.assign(process.env, sandbox.token.env);
  const desk = await openProfile(dir);
  try {
    console.log(`Sandbox up at ${sandbox.baseUrl}, token “${sandbox.token.tokenLabel}” (${lap()})`);
    await prepareProfile(desk, sandbox);
    const summary = await desk.call('sync.now', {});
    console.log(`Signed in and synced: ${summary.pulled} transactions read (${lap()})\n`);
    await printInbox(desk, 'Inbox before');
    await acceptTasks(desk, sandbox);
    const results = await signEverything(desk, sandbox);
    const verdicts = await verifyEverything(desk, sandbox, { dir, signedDir });
    printResults(results, verdicts);
    await printInbox(desk, '\nInbox after');
    const left = await desk.call('outbox.list', {});
    for (const row of left) console.log(`Not delivered: ${row.title} (${row.kind}, ${row.state}, ${row.code ?? ''})`);
    const bad = verdicts.filter((verdict) => verdict.problems.length > 0);
    for (const { title, problems } of bad) console.log(`NOT VALID: ${title}: ${problems.join('; ')}`);
    const good = left.length === 0 && bad.length === 0 && verdicts.length > 0;
    console.log(
      `\n${verdicts.length - bad.length} of ${verdicts.length} signed documents delivered and valid (${lap()})`,
    );
    console.log(`Signed files: ${signedDir}`);
    return good;
  } finally {
    await desk.close();
    await sandbox.stop();
  }
}

async function main(): Promise<boolean> {
  if (values.keep !== undefined) {
    const dir = resolve(values.keep);
    await mkdir(dir, { recursive: true });
    return run(dir, join(dir, 'signed'));
  }
  if (values.resume) throw new Error('--resume needs --keep DIR: the folder of the demo that was killed');
  const dir = await mkdtemp(join(tmpdir(), 'countersign-demo-'));
  try {
    return await run(dir, await mkdtemp(join(tmpdir(), 'countersign-signed-')));
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

process.exitCode = (await main()) ? 0 : 1;
