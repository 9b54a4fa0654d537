/** sign FILE…: opens no profile. */
import { resolve } from 'node:path';
import { createHeadlessHost } from '../host/headless-host.ts';
import type { Level } from '../pades/index.ts';
import { parseCertificate } from '../pki/index.ts';
import { systemClock } from '../platform/clock.ts';
import { keyFolder } from '../platform/paths.ts';
import {
  checkSigner,
  createFileEngine,
  type FileJob,
  type FileResult,
  pathFiles,
  type RaiseTools,
  signFiles,
} from '../signing/index.ts';
import { createTokens, knownModulePaths } from '../tokens/index.ts';
import type { TokenBatch, Tokens } from '../tokens/tokens.ts';
import type { Output } from './access.ts';
import type { Arguments } from './arguments.ts';
import { CommandError, type ExitName, exitFor } from './exit-codes.ts';
import { extendAll, raiseTools } from './extend-command.ts';
import { anchorsOf, filePassword, levelFlag } from './file-flags.ts';
import { interruptible } from './interrupt.ts';
import { markFlags } from './mark-flags.ts';
import { openNetwork } from './network.ts';
import { signedOutputs } from './output-names.ts';
import { chooseIdentity, refuseRevoked, sealedPinFor } from './sign-command.ts';
import { statementFlags } from './statement-flags.ts';
import { inWords } from './words.ts';

async function withTokens<T>(args: Arguments, work: (tokens: Tokens) => Promise<T>): Promise<T> {
  const host = createHeadlessHost({ secretsDir: keyFolder() });
  const module = args.text('module');
  const tokens = createTokens({
    startProcess: (given) => host.startProcess('token-host', given),
    modulePaths: () => (module === undefined ? knownModulePaths() : [resolve(module)]),
    parseCertificate,
    clock: systemClock,
  });
  try {
    return await work(tokens);
  } finally {
    await tokens.close();
  }
}

/** --p12 FILE: a PKCS#12 file in a token's place, its passphrase read as a PIN is. */
async function openP12(tokens: Tokens, path: string, args: Arguments): Promise<TokenBatch> {
  const session = await tokens.openFile(resolve(path));
  if (!session.ok) throw new CommandError(session.code, inWords(session.code));
  const sealed = await sealedPinFor(session.value, args, 'Passphrase');
  const opened = await tokens.startFileBatch(session.value.sessionId, sealed);
  if (opened.ok) return opened.value;
  // A file counts no tries.
  const code = opened.code === 'pin-incorrect' ? 'passphrase-incorrect' : opened.code;
  throw new CommandError(code, inWords(code));
}

/** @throws CommandError certificate-revoked; a network that is not there keeps nobody from signing */
type Check = (signer: { readonly certificate: Uint8Array; readonly chain: readonly Uint8Array[] }) => Promise<void>;

/** @param check asked of the certificate before its PIN is; a PKCS#12 file shows none before its passphrase */
async function login(tokens: Tokens, args: Arguments, check: Check): Promise<TokenBatch> {
  const p12 = args.text('p12');
  if (p12 !== undefined) return openP12(tokens, p12, args);
  const listing = await tokens.list([]);
  const [problem] = listing.problems;
  if (listing.tokens.length === 0 && problem) throw new CommandError(problem.code, inWords(problem.code));
  const { token, identity } = chooseIdentity(listing.tokens, args);
  const signer = tokens.certificateOf(identity.id);
  if (signer) await check(signer);
  const session = await tokens.openSession(token.id);
  if (!session.ok) throw new CommandError(session.code, inWords(session.code));
  const opened = await tokens.startBatch(session.value.sessionId, identity.id, await sealedPinFor(session.value, args));
  if (!opened.ok) throw new CommandError(opened.code, inWords(opened.code));
  return opened.value;
}

function levelOf(args: Arguments): Level {
  const level = levelFlag(args) ?? (args.list('tsa').length > 0 ? 'B-T' : 'B-B');
  if (level !== 'B-B' && args.list('tsa').length === 0)
    throw new CommandError('no-authority', inWords('no-authority'), 'usage');
  return level;
}

/** --cades [--detached]: B-LT keeps its data in the message; B-LTA is for PDFs alone. */
function cadesOf(args: Arguments, level: Level): 'attached' | 'detached' | undefined {
  if (!args.is('cades')) return undefined;
  if (level === 'B-LTA') throw new CommandError('bad-input', '--cades goes up to B-LT.', 'usage');
  return args.is('detached') ? 'detached' : 'attached';
}

/** --content FILE: what the one .p7s named signs. @throws CommandError usage */
function withContent(jobs: readonly FileJob[], args: Arguments): readonly FileJob[] {
  const content = args.text('content');
  if (content === undefined) return jobs;
  const [job, ...others] = jobs;
  if (!job || others.length > 0 || !args.is('cades') || !/\.p7s$/i.test(job.input))
    throw new CommandError('bad-input', '--content goes with --cades and one .p7s.', 'usage');
  return [{ ...job, beside: resolve(content) }];
}

/**
 * What was signed is raised where it lies, once the whole batch has its timestamps: B-T stays where that fails. For B-T only those are whose
 * timestamp did not fit.
 */
async function raised(
  results: readonly FileResult[],
  level: Level,
  tools: () => RaiseTools,
  password: string | undefined,
  out: Output,
): Promise<FileResult[]> {
  if (level === 'B-B') return [...results];
  const isWanted = ({ code, timestampLeftOut }: FileResult) =>
    code === undefined && (level !== 'B-T' || timestampLeftOut === true);
  const jobs = results.filter(isWanted).map(({ output }) => ({ input: output, output }));
  const byOutput = new Map((await extendAll(jobs, level, tools(), password, out)).map((one) => [one.output, one]));
  return results.map((result) => {
    const extended = result.code === undefined ? byOutput.get(result.output) : undefined;
    if (!extended) return result;
    return { ...result, code: extended.code, sha256: extended.sha256 ?? result.sha256 };
  });
}

function lineOf({ input, output, code, sha256 }: FileResult): string {
  if (code === undefined) return `${input}: signed, ${output}`;
  return sha256 === undefined ? `${input}: ${inWords(code)}` : `${input}: signed B-B, ${output}: ${inWords(code)}`;
}

export async function signFilesCommand(args: Arguments, out: Output): Promise<ExitName> {
  const jobs = withContent(await signedOutputs(args), args);
  const level = levelOf(args);
  const cades = cadesOf(args, level);
  const statements = statementFlags(args);
  const password = await filePassword(args);
  const network = await openNetwork(args);
  try {
    return await withTokens(args, async (tokens) => {
      const anchors = await anchorsOf(args);
      const check: Check = async (signer) => {
        // Below B-T nothing is asked of the network.
        if (level === 'B-B') return;
        const { collector } = network;
        const { revocation } = await checkSigner({ collector, anchors, clock: systemClock }, signer);
        refuseRevoked(revocation);
      };
      const batch = await login(tokens, args, check);
      const made: FileResult[] = [];
      const stopping = new AbortController();
      const signing = {
        engine: createFileEngine(pathFiles),
        batch,
        commonName: (await parseCertificate(batch.key.certificate)).commonName,
        clock: systemClock,
        validation: { anchors, at: systemClock.now() },
        password,
        timestamp: level === 'B-B' ? undefined : (message: Uint8Array) => network.timestamps.timestamp(message),
        reason: args.text('reason') ?? '',
        fieldName: args.text('field'),
        cades,
        rewrite: args.is('rewrite'),
        statements,
        ...(await markFlags(args)),
        stop: stopping.signal,
      };
      const sign = async () => {
        for await (const result of signFiles(jobs, signing)) {
          made.push(result);
          out.say(lineOf(result));
          for (const warning of result.warnings ?? []) out.say(`  ${inWords(warning)}`);
        }
      };
      await interruptible(() => stopping.abort('cancelled'), sign);
      await batch.close();
      const inOrder = jobs.flatMap(({ output }) => made.filter((one) => one.output === output));
      // Of a message with several signatures it is the new one that is raised.
      const tools = () => ({ ...raiseTools(network, anchors), signer: batch.key.certificate });
      const results = await raised(inOrder, level, tools, password, out);
      if (out.json) out.result(results, () => '');
      const failed = results.find((r) => r.code !== undefined);
      return failed?.code === undefined ? 'done' : exitFor(failed.code);
    });
  } finally {
    await network.close();
  }
}
