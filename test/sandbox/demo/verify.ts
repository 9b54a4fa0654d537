/** Judges every document signed here: our own validator, pdfsig, qpdf, and the server's copy byte for byte. */
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DeskAccess } from '../../../main/cli/access.ts';
import type { ValidationReport } from '../../../preload/model.ts';
import type { Sandbox } from '../sandbox.ts';
import { createTrustDatabase, pdfsig, qpdfCheck } from './judges.ts';

export interface Verdict {
  readonly transactionId: string;
  readonly documentId: string;
  readonly title: string;
  readonly file: string;
  /** Empty: delivered and valid. */
  readonly problems: readonly string[];
}

interface Signed {
  readonly transactionId: string;
  readonly documentId: string;
  readonly title: string;
  readonly jobs: number;
}

/** Documents with a signature of ours, each once. */
async function signedDocuments(desk: DeskAccess): Promise<Signed[]> {
  const jobs = (await desk.call('jobs.list', {})).filter((job) => job.sha256 !== undefined);
  return [...Map.groupBy(jobs, (job) => `${job.transactionId} ${job.documentId}`).values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const { transactionId, documentId, title } = first;
    return [{ transactionId, documentId, title, jobs: group.length }];
  });
}

function ownProblems(report: ValidationReport, signatures: number): string[] {
  const problems = report.signatures.flatMap((s) => [
    ...(s.integrity === 'intact' && s.cms === 'valid' ? [] : [`${s.fieldName}: ${s.integrity}, CMS ${s.cms}`]),
    ...(s.chain === 'trusted' ? [] : [`${s.fieldName}: chain ${s.chain}`]),
    ...s.problems.map((p) => `${s.fieldName}: ${p}`),
  ]);
  const timestamped = report.signatures.filter((s) => s.level === 'B-T' && s.timestamp === 'valid').length;
  if (timestamped < signatures) problems.push(`${timestamped} of ${signatures} signatures of ours are B-T`);
  if (report.signatures.at(-1)?.covers !== 'whole-file') problems.push('the last signature does not cover the file');
  return problems;
}

async function serverProblems(
  sandbox: Sandbox,
  remoteId: string,
  documentId: string,
  sha256: string,
): Promise<string[]> {
  const { state } = sandbox.signingToday;
  const dst = state.dst(remoteId);
  const document = dst.documents.find((d) => String(d.id) === documentId);
  if (!document) return ['the server has no such document'];
  const bytes = await state.currentBytes(remoteId, document.id);
  const theirs = createHash('sha256').update(bytes).digest('hex');
  const problems = theirs === sha256 ? [] : ['the server holds other bytes'];
  const effects = state.effects({ dstId: remoteId, kind: 'signature' });
  const entries = dst.signatures.filter((s) => s.documentId === document.id && s.status === 'signed');
  const requests = new Set(entries.map((s) => s.signatureRequestId));
  if (requests.size !== entries.length) problems.push('a request was signed twice at the server');
  if (effects.length > dst.signatures.length) problems.push('a signature took effect twice at the server');
  return problems;
}

async function judge(
  desk: DeskAccess,
  sandbox: Sandbox,
  signed: Signed,
  file: string,
  trust: string,
): Promise<Verdict> {
  const { transactionId, documentId, title } = signed;
  const place = { transactionId, documentId };
  await rm(file, { force: true });
  const { sha256 } = await desk.call('documents.export', { ...place, path: file });
  const report = await desk.call('documents.verify', place);
  const { transaction } = await desk.call('inbox.show', { transactionId });
  const ours = createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
  const outside = [
    { judge: 'pdfsig', ...(await pdfsig(file, trust, report.signatures.length)) },
    { judge: 'qpdf', ...(await qpdfCheck(file)) },
  ];
  const problems = [
    ...ownProblems(report, signed.jobs),
    ...outside.filter((v) => !v.ok).map((v) => `${v.judge}: ${v.said.slice(0, 400)}`),
    ...(ours === sha256 ? [] : ['the exported file differs from the stored revision']),
    ...(await serverProblems(sandbox, transaction.remoteId, documentId, ours)),
  ];
  return { transactionId, documentId, title, file, problems };
}

export async function verifyEverything(
  desk: DeskAccess,
  sandbox: Sandbox,
  { dir, signedDir }: { dir: string; signedDir: string },
): Promise<Verdict[]> {
  await mkdir(signedDir, { recursive: true });
  const trust = join(dir, 'nss');
  await rm(trust, { recursive: true, force: true });
  await createTrustDatabase(trust, sandbox.rootPemPath, sandbox.signerPemPaths);
  const verdicts: Verdict[] = [];
  for (const [i, signed] of (await signedDocuments(desk)).entries()) {
    const file = join(signedDir, `${String(i + 1).padStart(2, '0')}.pdf`);
    verdicts.push(await judge(desk, sandbox, signed, file, trust));
  }
  return verdicts.concat(await unsigned(desk, sandbox));
}

/** What the manifest wanted signed or declined and is not: the demo fails on it. */
async function unsigned(desk: DeskAccess, sandbox: Sandbox): Promise<Verdict[]> {
  const { items } = await desk.call('inbox.list', { view: 'all', offset: 0, limit: 500 });
  return sandbox.manifest.flatMap((entry) => {
    const item = items.find((i) => i.remoteId === entry.dstId);
    const signs = entry.action === 'sign' || entry.action === 'fill+sign';
    const { status } = sandbox.signingToday.state.dst(entry.dstId);
    const wanted = signs
      ? status === 'signed' || item?.status === 'waiting'
      : entry.action !== 'decline' || status === 'rejected';
    if (item && wanted) return [];
    const problems = [`wanted: ${entry.action}; here ${item?.status ?? 'missing'}, at the server ${status}`];
    return [{ transactionId: item?.id ?? '', documentId: '', title: entry.title, file: '', problems }];
  });
}
