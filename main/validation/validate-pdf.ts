/** Every signature of a PDF judged, its bytes read once. */
import type { SignatureReport, ValidationReport } from '../../preload/model.ts';
import {
  type EmbeddedSignature,
  listSignatures,
  PadesError,
  type PadesErrorCode,
  type Source,
} from '../pades/index.ts';
import { type ByteRangeProblem, checkByteRange, type SignedRange } from './byte-range.ts';
import { judgeLongTerm } from './long-term.ts';
import { digestRanges, type RangeToDigest } from './range-digests.ts';
import { expectedDigest, type Message, type ProblemCode, readMessage, reportOn } from './signature-report.ts';
import { ValidationError, type ValidationErrorCode, type ValidationOptions } from './validation.ts';

const errorCodes: Partial<Readonly<Record<PadesErrorCode, ValidationErrorCode>>> = {
  'not-a-pdf': 'not-a-pdf',
  encrypted: 'encrypted',
  'password-needed': 'password-needed',
  limit: 'limit',
};

async function findSignatures(source: Source, password: string | undefined): Promise<EmbeddedSignature[]> {
  try {
    return await listSignatures(source, { password });
  } catch (error) {
    if (error instanceof PadesError) throw new ValidationError(errorCodes[error.code] ?? 'damaged', error);
    throw error;
  }
}

interface Entry {
  readonly signature: EmbeddedSignature;
  readonly message: Message;
  readonly range: SignedRange | ByteRangeProblem;
  readonly toDigest: RangeToDigest | undefined;
}

/** One object for equal ranges: fields may share a signature, and it is hashed once. */
function sharedRange(known: Map<string, RangeToDigest>, range: RangeToDigest): RangeToDigest {
  const key = [range.algorithm, range.gapStart, range.gapEnd, range.end].join();
  const shared = known.get(key) ?? range;
  known.set(key, shared);
  return shared;
}

const spoiling: readonly string[] = ['certificate-revoked', 'changes-forbidden'] satisfies ProblemCode[];

const isSound = ({ integrity, cms, problems }: SignatureReport) =>
  integrity === 'intact' && cms === 'valid' && !problems.some((problem) => spoiling.includes(problem));

/**
 * The report on these signatures of the file, in their order: for validatePdf, and for callers that have listed them already.
 * @throws ValidationError limit; whatever the source throws
 */
export async function validateSignatures(
  source: Source,
  signatures: readonly EmbeddedSignature[],
  options: ValidationOptions,
): Promise<ValidationReport> {
  const ranges = new Map<string, RangeToDigest>();
  const entries: Entry[] = [];
  for (const signature of signatures) {
    const message = readMessage(signature);
    const range = await checkByteRange(source, signature);
    const { algorithm } = expectedDigest(message);
    const toDigest = algorithm && typeof range !== 'string' ? sharedRange(ranges, { ...range, algorithm }) : undefined;
    entries.push({ signature, message, range, toDigest });
  }
  const digests = await digestRanges(source, [...ranges.values()]);
  const judged = entries.map(({ toDigest, ...entry }) => {
    const evidence = { ...entry, digest: toDigest && digests.get(toDigest), fileSize: source.size };
    return { evidence, report: reportOn(evidence, options) };
  });
  const reports = options.quick ? judged.map(({ report }) => report) : await judgeLongTerm(source, judged, options);
  return { valid: reports.length > 0 && reports.every(isSound), sizeBytes: source.size, signatures: reports };
}

/**
 * The report on a PDF's signatures, in the order of its form. Reads the file's structure, then every signed byte once.
 * @throws ValidationError not-a-pdf, damaged, encrypted, password-needed, limit; whatever the source throws
 */
export async function validatePdf(source: Source, options: ValidationOptions): Promise<ValidationReport> {
  return validateSignatures(source, await findSignatures(source, options.password), options);
}
