/**
 * The engine: bytes in, bytes out, over sources. Prepares an increment, assembles the CMS into its gap and verifies the result
 * before anything refers to it. Runs in the engine worker for stored revisions and in the command line's process for files.
 */
import type { SignatureScheme } from '../../native/token-port.ts';
import type { ValidationReport } from '../../preload/model.ts';
import {
  assembleCms,
  bufferSource,
  concatSources,
  type DocMdpLevel,
  type FieldChoice,
  fillGap,
  findEmptyField,
  listSignatures,
  type MarkLayout,
  onePassSource,
  PadesError,
  type PlaceBox,
  type PreparedSignature,
  prepareSignature,
  type SignerStatements,
  type Source,
  sha256Of,
} from '../pades/index.ts';
import { isMessage } from '../platform/signed-message.ts';
import { signedRanges, type ValidationOptions, validatePdf } from '../validation/index.ts';
import { markFont } from './mark-font.ts';

export type EngineErrorCode = 'document-changed' | 'verification-failed' | 'earlier-signature-broken';

export class EngineError extends Error {
  readonly code: EngineErrorCode;
  readonly detail: string | undefined;
  constructor(code: EngineErrorCode, detail?: string) {
    super(`engine: ${code}${detail ? ` (${detail})` : ''}`);
    this.name = 'EngineError';
    this.code = code;
    this.detail = detail;
  }
}

export interface PrepareRequest {
  readonly certificate: Uint8Array;
  readonly chain: readonly Uint8Array[];
  readonly scheme: SignatureScheme;
  readonly signedAt: number;
  readonly reason: string;
  /** Where the provider's form says the mark goes; undefined: invisible. */
  readonly box: PlaceBox | undefined;
  /** Names the field to use; else one is chosen or made. */
  readonly fieldName?: string;
  readonly appearanceLines: readonly string[];
  readonly location?: string | undefined;
  /** PNG or JPEG of the mark, and where it goes. */
  readonly image?: Uint8Array | undefined;
  readonly layout?: MarkLayout | undefined;
  /** Certifies the document (ISO 32000-2, 12.8.2.2). */
  readonly certify?: DocMdpLevel | undefined;
  /** Commitment, location, policy (EN 319 122-1, 5.2). */
  readonly statements?: SignerStatements | undefined;
  readonly withTimestamp: boolean;
  /** The bytes the person saw; other bytes are refused before anything is made. */
  readonly expectedSha256: string | undefined;
  /** Opens an encrypted base. */
  readonly password?: string | undefined;
}

/** Room for a timestamp token with its certificates; real ones measure 3 to 7 KB. */
const TIMESTAMP_RESERVE_BYTES = 12_288;

/**
 * The field a request's signature goes into: one named; else an empty field the sender has drawn where the form says (half
 * of the two boxes shared), or the only empty one where there is no form; else a new one.
 */
async function chooseField(source: Source, request: PrepareRequest): Promise<FieldChoice> {
  if (request.fieldName !== undefined) return { kind: 'existing', name: request.fieldName };
  const { box } = request;
  const meant = await findEmptyField(source, box, { password: request.password });
  if (meant !== undefined) return { kind: 'existing', name: meant };
  return box ? { kind: 'new-visible', box } : { kind: 'new-invisible' };
}

/**
 * @throws EngineError document-changed where the base is not the reviewed bytes; PadesError, not-a-pdf for a signed message too
 */
export async function prepare(source: Source, request: PrepareRequest): Promise<PreparedSignature> {
  // Its content is what is looked at; as a PDF the whole may be another one, with an increment behind the message.
  if (await isMessage(source)) throw new PadesError('not-a-pdf', 'signed message');
  const prepared = await prepareSignature(source, {
    certificate: request.certificate,
    chain: request.chain,
    scheme: request.scheme,
    signedAt: request.signedAt,
    reason: request.reason === '' ? undefined : request.reason,
    location: request.location,
    field: await chooseField(source, request),
    appearanceLines: request.appearanceLines,
    mark: {
      font: await markFont(),
      ...(request.image ? { image: request.image } : {}),
      ...(request.layout ? { layout: request.layout } : {}),
    },
    certify: request.certify,
    statements: request.statements,
    timestampReserveBytes: request.withTimestamp ? TIMESTAMP_RESERVE_BYTES : 0,
    password: request.password,
  });
  if (request.expectedSha256 !== undefined && prepared.baseSha256 !== request.expectedSha256) {
    throw new EngineError('document-changed');
  }
  return prepared;
}

export interface FinishRequest {
  readonly increment: Uint8Array;
  readonly gap: { readonly offset: number; readonly length: number };
  readonly fieldName: string;
  readonly signedAttributes: Uint8Array;
  readonly signature: Uint8Array;
  readonly scheme: SignatureScheme;
  readonly certificate: Uint8Array;
  readonly chain: readonly Uint8Array[];
  readonly timestampToken: Uint8Array | undefined;
  /** The caller adds a document timestamp where the token does not fit. */
  readonly mayLeaveTimestampOut?: boolean;
  /** The increment has its CMS already, and more behind it. */
  readonly assembled?: boolean | undefined;
}

export interface Finished {
  /** The increment with the CMS in its gap. */
  readonly increment: Uint8Array;
  /** True where a timestamp was too large for the gap and is not in it: a document timestamp has to take its place. */
  readonly timestampLeftOut: boolean;
  /** SHA-256 (hex) and size of base and increment together. */
  readonly sha256: string;
  readonly sizeBytes: number;
}

/** CMS into the gap: the finished increment, not verified yet. @throws PadesError contents-too-small */
export function assemble(request: FinishRequest): Uint8Array {
  const cms = assembleCms({
    signedAttributes: request.signedAttributes,
    signature: request.signature,
    scheme: request.scheme,
    certificate: request.certificate,
    chain: request.chain,
    ...(request.timestampToken ? { timestampToken: request.timestampToken } : {}),
  });
  return fillGap(request.increment, request.gap, cms);
}

/** A token larger than its room is left out where that is allowed: a second signature is never made to gain room. */
function assembleFitting(request: FinishRequest): { increment: Uint8Array; timestampLeftOut: boolean } {
  if (request.assembled) return { increment: request.increment, timestampLeftOut: false };
  try {
    return { increment: assemble(request), timestampLeftOut: false };
  } catch (error) {
    const tooSmall = error instanceof PadesError && error.code === 'contents-too-small';
    if (!tooSmall || !request.mayLeaveTimestampOut || !request.timestampToken) throw error;
    return { increment: assemble({ ...request, timestampToken: undefined }), timestampLeftOut: true };
  }
}

/** What is wrong with a finished revision, or undefined: the new signature covers it all, every earlier one still verifies. */
function fault(report: ValidationReport, { fieldName, assembled }: FinishRequest): EngineError | undefined {
  const own = report.signatures.find((s) => s.fieldName === fieldName);
  if (
    own?.integrity !== 'intact' ||
    own.cms !== 'valid' ||
    own.covers !== (assembled ? 'own-revision' : 'whole-file')
  ) {
    return new EngineError('verification-failed', own ? own.problems.join(' ') : 'signature not found');
  }
  if (own.timestamp === 'invalid') return new EngineError('verification-failed', 'timestamp');
  return undefined;
}

const isSound = ({ integrity, cms }: ValidationReport['signatures'][number]) =>
  integrity === 'intact' && cms === 'valid';

/**
 * An earlier signature that verified in the base and does not any more, or is there no more. The base is judged only where
 * one is missing or does not verify.
 */
async function brokenEarlier(
  base: Source,
  after: ValidationReport,
  fieldName: string,
  options: ValidationOptions,
): Promise<string | undefined> {
  const sound = new Set(
    after.signatures.filter((s) => s.fieldName !== fieldName && isSound(s)).map((s) => s.fieldName),
  );
  const before = await listSignatures(base, { password: options.password });
  if (before.every((s) => sound.has(s.fieldName))) return undefined;
  const { signatures } = await validatePdf(base, options);
  return signatures.find((s) => isSound(s) && !sound.has(s.fieldName))?.fieldName;
}

/** The base read through once for all that is wanted of it; one that makes its own pass is left as it is. */
async function readOnce(base: Source, { password }: ValidationOptions): Promise<Source> {
  if (base.digests) return base;
  const nowhere = { write: async () => undefined };
  const once = onePassSource(base, { sink: nowhere, ranges: () => signedRanges(base, { password }) });
  await once.digests?.atEnd(['sha256']);
  return once;
}

/**
 * Assembles and re-verifies: the base is untouched by construction, the new signature must cover the whole file, and every
 * signature that verified before must verify still.
 * @throws EngineError, PadesError contents-too-small
 */
export async function finish(given: Source, request: FinishRequest, options: ValidationOptions): Promise<Finished> {
  const { increment, timestampLeftOut } = assembleFitting(request);
  const base = await readOnce(given, options);
  const whole = concatSources(base, bufferSource(increment));
  const quick = { ...options, quick: true };
  const after = await validatePdf(whole, quick);
  const wrong = fault(after, request);
  if (wrong) throw wrong;
  const broken = await brokenEarlier(base, after, request.fieldName, quick);
  if (broken !== undefined) throw new EngineError('earlier-signature-broken', broken);
  return { increment, timestampLeftOut, sha256: await sha256Of(whole), sizeBytes: whole.size };
}
