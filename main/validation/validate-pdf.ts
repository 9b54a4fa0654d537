/** Every signature of a PDF judged, its bytes read once. */
import type { ValidationReport } from '../../preload/model.ts';
import {
  type EmbeddedSignature,
  listSignatures,
  PadesError,
  type PadesErrorCode,
  type Source,
} from '../pades/index.ts';
import { type ByteRangeProblem, checkByteRange, type SignedRange } from './byte-range.ts';
import { digestRanges, type RangeToDigest } from './range-digests.ts';
import { expectedDigest, type Message, readMessage, reportOn } from './signature-report.ts';
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
  const reports = entries.map(({ toDigest, ...entry }) => {
    const digest = toDigest && digests.get(toDigest);
    return reportOn({ ...entry, digest, fileSize: source.size }, options);
  });
  const valid = reports.length > 0 && reports.every(({ integrity, cms }) => integrity === 'intact' && cms === 'valid');
  return { valid, sizeBytes: source.size, signatures: reports };
}

/**
 * The report on a PDF's signatures, in the order of its form. Reads the file's structure, then every signed byte once.
 * @throws ValidationError not-a-pdf, damaged, encrypted, password-needed, limit; whatever the source throws
 */
export async function validatePdf(source: Source, options: ValidationOptions): Promise<ValidationReport> {
  return validateSignatures(source, await findSignatures(source, options.password), options);
}
