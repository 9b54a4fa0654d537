/** Commands on files alone: sign FILE…, verify FILE. They open no profile. */
import { readFile, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { ValidationReport } from '../../preload/model.ts';
import { createHeadlessHost } from '../host/headless-host.ts';
import { createTimestampPool, parseCertificate, parsePem } from '../pki/index.ts';
import { systemClock } from '../platform/clock.ts';
import { openFileSource } from '../platform/file-source.ts';
import { keyFolder } from '../platform/paths.ts';
import { createHttp } from '../platform/undici-http.ts';
import { type FileJob, type FileResult, signFiles } from '../signing/index.ts';
import { createTokens, knownModulePaths } from '../tokens/index.ts';
import type { TokenBatch, Tokens } from '../tokens/tokens.ts';
import { validatePdf } from '../validation/index.ts';
import type { Output } from './access.ts';
import type { Arguments } from './arguments.ts';
import { CommandError, type ExitName, exitFor } from './exit-codes.ts';
import { markFlags } from './mark-flags.ts';
import { readSecret } from './pin.ts';
import { chooseIdentity, sealedPinFor } from './sign-command.ts';
import { clean, table } from './table.ts';
import { inWords } from './words.ts';

const TIMESTAMP_TIMEOUT_MS = 20_000;

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

async function anchorsOf(args: Arguments): Promise<Uint8Array[]> {
  const anchors: Uint8Array[] = [];
  for (const path of args.list('trust')) {
    const found = parsePem(await readFile(path, 'utf8'));
    if (found.length === 0) throw new CommandError('bad-input', `${path} holds no PEM certificate.`, 'input');
    anchors.push(...found);
  }
  return anchors;
}

/** --password-fd: the password of encrypted files. */
async function filePassword(args: Arguments): Promise<string | undefined> {
  const fd = args.number('password-fd');
  return fd === undefined ? undefined : new TextDecoder().decode(await readSecret('Password', fd));
}

async function outputsFor(inputs: readonly string[], out: string | undefined): Promise<FileJob[]> {
  const folder = out !== undefined && (await stat(out).catch(() => undefined))?.isDirectory();
  if (inputs.length > 1 && !folder)
    throw new CommandError('bad-input', '--out must be a folder for several files.', 'usage');
  return inputs.map((given) => {
    const input = resolve(given);
    const name = `${basename(input).replace(/\.pdf$/i, '')}.signed.pdf`;
    const output = out === undefined ? join(input, '..', name) : folder ? join(out, name) : out;
    if (resolve(output) === input) throw new CommandError('bad-input', 'The output would replace the input.', 'usage');
    return { input, output: resolve(output) };
  });
}

/** --p12 FILE: a PKCS#12 file in a token's place, its passphrase read as a PIN is. */
async function openP12(tokens: Tokens, path: string, args: Arguments): Promise<TokenBatch> {
  const session = await tokens.openFile(resolve(path));
  if (!session.ok) throw new CommandError(session.code, inWords(session.code));
  const sealed = await sealedPinFor(session.value, args, 'Passphrase');
  const opened = await tokens.startFileBatch(session.value.sessionId, sealed);
  if (!opened.ok) throw new CommandError(opened.code, inWords(opened.code));
  return opened.value;
}

async function login(tokens: Tokens, args: Arguments): Promise<TokenBatch> {
  const p12 = args.text('p12');
  if (p12 !== undefined) return openP12(tokens, p12, args);
  const listing = await tokens.list([]);
  const [problem] = listing.problems;
  if (listing.tokens.length === 0 && problem) throw new CommandError(problem.code, inWords(problem.code));
  const { token, identity } = chooseIdentity(listing.tokens, args);
  const session = await tokens.openSession(token.id);
  if (!session.ok) throw new CommandError(session.code, inWords(session.code));
  const opened = await tokens.startBatch(session.value.sessionId, identity.id, await sealedPinFor(session.value, args));
  if (!opened.ok) throw new CommandError(opened.code, inWords(opened.code));
  return opened.value;
}

function levelOf(args: Arguments): 'B-B' | 'B-T' {
  const level = args.text('level') ?? (args.list('tsa').length > 0 ? 'B-T' : 'B-B');
  if (level !== 'B-B' && level !== 'B-T') throw new CommandError('bad-input', '--level takes B-B or B-T.', 'usage');
  if (level === 'B-T' && args.list('tsa').length === 0)
    throw new CommandError('no-authority', inWords('no-authority'), 'usage');
  return level;
}

export async function signFilesCommand(args: Arguments, out: Output): Promise<ExitName> {
  const jobs = await outputsFor(args.positional, args.text('out'));
  const level = levelOf(args);
  const password = await filePassword(args);
  const http = await createHttp({});
  const pool = createTimestampPool({
    urls: () => args.list('tsa'),
    http,
    clock: systemClock,
    timeoutMs: TIMESTAMP_TIMEOUT_MS,
  });
  try {
    return await withTokens(args, async (tokens) => {
      const batch = await login(tokens, args);
      const results: FileResult[] = [];
      const signing = {
        batch,
        commonName: (await parseCertificate(batch.key.certificate)).commonName,
        clock: systemClock,
        validation: { anchors: await anchorsOf(args), at: systemClock.now(), password },
        timestamp: level === 'B-T' ? (message: Uint8Array) => pool.timestamp(message) : undefined,
        reason: args.text('reason') ?? '',
        fieldName: args.text('field'),
        ...(await markFlags(args)),
      };
      for await (const result of signFiles(jobs, signing)) {
        results.push(result);
        out.say(`${result.input}: ${result.code === undefined ? `signed, ${result.output}` : inWords(result.code)}`);
      }
      await batch.close();
      if (out.json) out.result(results, () => '');
      const failed = results.find((r) => r.code !== undefined);
      return failed?.code === undefined ? 'done' : exitFor(failed.code);
    });
  } finally {
    await http.close();
  }
}

function reportLines(path: string, report: ValidationReport): string {
  const rows = report.signatures.map((s) => [
    s.fieldName,
    clean(s.signerCommonName, 30),
    s.integrity,
    s.cms,
    s.chain,
    s.timestamp,
    s.level,
    s.covers,
  ]);
  return [
    `${path}: ${report.signatures.length === 0 ? 'no signatures' : report.valid ? 'valid' : 'NOT VALID'}`,
    table(['FIELD', 'SIGNER', 'BYTES', 'CMS', 'CHAIN', 'TIMESTAMP', 'LEVEL', 'COVERS'], rows),
    ...report.signatures.flatMap((s) => s.problems.map((p) => `  ${s.fieldName}: ${p}`)),
  ].join('\n');
}

export async function verifyCommand(args: Arguments, out: Output): Promise<ExitName> {
  const path = args.needed(0, 'verify FILE [--trust PEM]');
  const source = await openFileSource(path);
  try {
    const report = await validatePdf(source, {
      anchors: await anchorsOf(args),
      at: systemClock.now(),
      password: await filePassword(args),
    });
    out.result(report, (r) => reportLines(path, r));
    return report.valid ? 'done' : 'incomplete';
  } finally {
    await source.close();
  }
}
