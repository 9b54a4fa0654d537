/** verify FILE: the report on a signed PDF or a signed message. Opens no profile. */
import type { ValidationReport } from '../../preload/model.ts';
import { systemClock } from '../platform/clock.ts';
import { openFileSource } from '../platform/file-source.ts';
import { isMessage } from '../platform/signed-message.ts';
import { validateCms, validatePdf } from '../validation/index.ts';
import type { Output } from './access.ts';
import type { Arguments } from './arguments.ts';
import type { ExitName } from './exit-codes.ts';
import { anchorsOf, filePassword, momentOf } from './file-flags.ts';
import { openNetwork } from './network.ts';
import { clean, table } from './table.ts';

/** The file's own word: a line break in it would write a verdict of its own. */
const nameOf = ({ fieldName }: ValidationReport['signatures'][number]) => clean(fieldName, 40);

function reportLines(path: string, report: ValidationReport): string {
  const rows = report.signatures.map((s) => [
    nameOf(s),
    clean(s.signerCommonName, 30),
    s.integrity,
    s.cms,
    s.chain,
    s.revocation,
    s.timestamp,
    s.level,
    s.covers,
  ]);
  return [
    `${path}: ${report.signatures.length === 0 ? 'no signatures' : report.valid ? 'valid' : 'NOT VALID'}`,
    table(['FIELD', 'SIGNER', 'BYTES', 'CMS', 'CHAIN', 'REVOCATION', 'TIMESTAMP', 'LEVEL', 'COVERS'], rows),
    ...report.signatures
      .filter((s) => s.laterChanges.length > 0)
      .map((s) => `  ${nameOf(s)}: changed later: ${s.laterChanges.join(', ')}`),
    ...report.signatures.flatMap((s) => s.problems.map((p) => `  ${nameOf(s)}: ${p}`)),
  ].join('\n');
}

export async function verifyCommand(args: Arguments, out: Output): Promise<ExitName> {
  const path = args.needed(0, 'verify FILE [--content FILE] [--trust PEM] [--at TIME] [--offline]');
  const at = momentOf(args) ?? systemClock.now();
  const anchors = await anchorsOf(args);
  const password = await filePassword(args);
  const network = args.is('offline') ? undefined : await openNetwork(args);
  const source = await openFileSource(path);
  const content = args.text('content');
  const beside = content === undefined ? undefined : await openFileSource(content);
  try {
    const asking = network ? { collector: network.collector } : {};
    const options = { anchors, at, password, ...asking };
    const report = (await isMessage(source))
      ? await validateCms(source, beside, options)
      : await validatePdf(source, options);
    out.result(report, (r) => reportLines(path, r));
    return report.valid ? 'done' : 'incomplete';
  } finally {
    await source.close();
    await beside?.close();
    await network?.close();
  }
}
