/**
 * What time does to signatures (EN 319 102-1, 5.5 and 5.6): the time a timestamp proves, revocation at that time, the levels the
 * document's own data carry (EN 319 142-1, 6: B-LT and B-LTA), and what later revisions changed.
 */
import type { SignatureReport } from '../../preload/model.ts';
import { listChangesAfter, PadesError, readValidationData, type Source } from '../pades/index.ts';
import {
  createEvidenceBook,
  distinct,
  type EvidenceBook,
  parseCertificate,
  type RevocationStatus,
  signatureTimestamps,
  type TimestampVerdict,
  verifyChain,
  verifyCms,
  verifyTimestampToken,
} from '../pki/index.ts';
import type { SignedRange } from './byte-range.ts';
import { bestTimestamp } from './judge-timestamp.ts';
import type { Evidence, ProblemCode } from './signature-report.ts';
import { ValidationError, type ValidationOptions } from './validation.ts';

export interface JudgedSignature {
  readonly evidence: Evidence;
  readonly report: SignatureReport;
}

/** A timestamp over a signature or over a revision. */
interface Stamp {
  readonly at: number;
  /** The authority's, DER. */
  readonly certificate: Uint8Array;
}

interface DocumentStamp extends Stamp {
  readonly range: SignedRange;
}

interface Changes {
  readonly kinds: SignatureReport['laterChanges'];
  readonly forbidden: boolean;
}

type Store = Awaited<ReturnType<typeof readValidationData>>;

/** What a file of many signatures can cost. */
const limits = { archiveStamps: 8, comparedRevisions: 64 };

const emptyStore: Store = { certificates: [], ocsps: [], lists: [] };

async function readStore(source: Source, { password }: ValidationOptions): Promise<Store> {
  try {
    return await readValidationData(source, { password });
  } catch (error) {
    if (!(error instanceof PadesError)) throw error;
    if (error.code === 'limit') throw new ValidationError('limit', error);
    return emptyStore;
  }
}

/** Certificates the messages themselves bring, DER. */
function embeddedCertificates(judged: readonly JudgedSignature[]): Uint8Array[] {
  return distinct(
    judged.flatMap(({ evidence: { message } }) => {
      if (message.kind === 'timestamp') return [...message.token.signedData.certificates];
      if (message.kind === 'unreadable') return [];
      const [signer] = message.data.signers;
      const tokens = signer
        ? signatureTimestamps(signer).map((token) => verifyTimestampToken(token, () => undefined))
        : [];
      return [...message.data.certificates, ...tokens.flatMap(({ certificates }) => certificates)];
    }),
  );
}

/** The file's evidence as of each point in it. */
class Records {
  readonly #store: Store;
  readonly #embedded: readonly Uint8Array[];
  readonly #books = new Map<number, EvidenceBook>();

  constructor(store: Store, embedded: readonly Uint8Array[]) {
    this.#store = store;
    this.#embedded = embedded;
  }

  get certificates(): readonly Uint8Array[] {
    return [...this.#embedded, ...this.#store.certificates.map(({ bytes }) => bytes)];
  }

  /** What begins before `end`, an offset in the file; the messages' own certificates besides. */
  until(end: number): EvidenceBook {
    const known = this.#books.get(end);
    if (known) return known;
    const before = (items: Store['ocsps']) => items.filter(({ offset }) => offset < end).map(({ bytes }) => bytes);
    const { certificates, ocsps, lists } = this.#store;
    const book = createEvidenceBook({
      certificates: [...this.#embedded, ...before(certificates)],
      ocsps: before(ocsps),
      lists: before(lists),
    });
    this.#books.set(end, book);
    return book;
  }
}

class LongTerm {
  readonly #source: Source;
  readonly #options: ValidationOptions;
  readonly #records: Records;
  readonly #stamps: readonly DocumentStamp[];
  /** By the end of the revision that was signed. */
  readonly #compared = new Map<number, Changes>();

  constructor(source: Source, judged: readonly JudgedSignature[], records: Records, options: ValidationOptions) {
    this.#source = source;
    this.#options = options;
    this.#records = records;
    this.#stamps = judged
      .flatMap((one) => this.#toStamp(one) ?? [])
      .sort((a, b) => a.range.end - b.range.end || a.at - b.at);
  }

  #trusts(certificate: Uint8Array, at: number, purpose: 'signing' | 'timestamping') {
    return verifyChain(certificate, this.#records.certificates, this.#options.anchors, at, purpose);
  }

  /** Document timestamps that prove something: intact, sound and trusted. */
  #toStamp({ evidence, report }: JudgedSignature): DocumentStamp | undefined {
    const { message, range } = evidence;
    if (message.kind !== 'timestamp' || typeof range === 'string') return undefined;
    if (report.integrity !== 'intact' || report.cms !== 'valid') return undefined;
    const { certificate, at } = verifyTimestampToken(message.token, () => evidence.digest);
    if (!certificate || at === undefined || this.#trusts(certificate, at, 'timestamping') !== 'trusted')
      return undefined;
    return { at, certificate, range };
  }

  /** Later timestamps over everything up to `end`. */
  #over(end: number): readonly DocumentStamp[] {
    return this.#stamps.filter(({ range }) => range.gapStart >= end);
  }

  /** Until when a timestamp's certificate has to hold: the next timestamp over it, or now. */
  #heldUntil(end: number): number {
    return Math.min(this.#options.at, ...this.#over(end).map(({ at }) => at));
  }

  async #statusOf(leaf: Uint8Array, at: number): Promise<RevocationStatus> {
    const { anchors, collector, at: now } = this.#options;
    const embedded = this.#records.until(Infinity).statusOf(leaf, anchors, at, now);
    if (embedded.kind !== 'unknown' || !collector) return embedded;
    const { certificates } = this.#records;
    const { standings, problems } = await collector.collect({ leaf, known: certificates, anchors, at });
    const revoked = standings.find(({ status }) => status.kind === 'revoked');
    if (revoked) return revoked.status;
    const [first] = problems;
    if (!first) return { kind: 'good' };
    return {
      kind: 'unknown',
      code: first.code === 'chain-incomplete' || first.code === 'revoked' ? 'no-source' : first.code,
    };
  }

  /** What of a report speaks of revocation. */
  async #revocation(leaf: Uint8Array, at: number, chain: SignatureReport['chain']) {
    if (chain !== 'trusted') return {};
    const status = await this.#statusOf(leaf, at);
    if (status.kind === 'good') return { revocation: 'good' } as const;
    if (status.kind === 'revoked') return { revocation: 'revoked', revokedAt: status.at } as const;
    return { revocation: 'unknown', revocationCode: status.code } as const;
  }

  async #changes({ evidence, report }: JudgedSignature): Promise<Changes> {
    const { range } = evidence;
    if (typeof range === 'string' || report.covers !== 'own-revision') return { kinds: [], forbidden: false };
    const known = this.#compared.get(range.end);
    if (known) return known;
    if (this.#compared.size >= limits.comparedRevisions) throw new ValidationError('limit');
    const changes = await this.#compare(range.end);
    this.#compared.set(range.end, changes);
    return changes;
  }

  async #compare(end: number): Promise<Changes> {
    try {
      const { password } = this.#options;
      const { kinds, forbidden } = await listChangesAfter(this.#source, end, { password });
      return { kinds: [...kinds], forbidden };
    } catch (error) {
      if (!(error instanceof PadesError)) throw error;
      if (error.code === 'limit') throw new ValidationError('limit', error);
      return { kinds: ['other'], forbidden: false };
    }
  }

  /** Levels past B-B (EN 319 142-1, 6.3): a proven time, the data to check it without a network, a timestamp over the data. */
  #levelOf(
    leaf: Uint8Array,
    end: number,
    stamp: Stamp | undefined,
    base: SignatureReport['level'],
    chain: SignatureReport['chain'],
  ) {
    if (base === 'none') return base;
    if (!stamp) return base;
    if (chain !== 'trusted') return 'B-T';
    const { anchors, at: now } = this.#options;
    const holds = (book: EvidenceBook) =>
      book.statusOf(leaf, anchors, stamp.at, now).kind === 'good' &&
      book.statusOf(stamp.certificate, anchors, stamp.at, now).kind === 'good';
    if (!holds(this.#records.until(Infinity))) return 'B-T';
    const over = this.#over(end).slice(-limits.archiveStamps);
    return over.some(({ range }) => holds(this.#records.until(range.gapStart))) ? 'B-LTA' : 'B-LT';
  }

  /** The signature's own timestamp, where it is right and trusted. */
  #ownStamp(evidence: Evidence): Stamp | undefined {
    const { message } = evidence;
    const signer = message.kind === 'signature' ? message.data.signers[0] : undefined;
    if (!signer) return undefined;
    const anchors = this.#options.anchors;
    const best = bestTimestamp(signatureTimestamps(signer), signer.signature, anchors, this.#records.certificates);
    return best?.standing === 'valid' ? toStamp(best.verdict) : undefined;
  }

  async #signature(judged: JudgedSignature): Promise<SignatureReport> {
    const { evidence, report } = judged;
    const { message, range } = evidence;
    const leaf = message.kind === 'signature' ? verifyCms(message.data).certificate : undefined;
    const { kinds, forbidden } = await this.#changes(judged);
    const problems: ProblemCode[] = forbidden ? ['changes-forbidden'] : [];
    const plain = { ...report, laterChanges: kinds, problems: [...report.problems, ...problems] };
    if (!leaf || typeof range === 'string') return plain;
    const own = this.#ownStamp(evidence);
    const stamps: Stamp[] = [...(own ? [own] : []), ...this.#over(range.end)];
    const stamp = stamps.sort((a, b) => a.at - b.at)[0];
    const at = stamp?.at ?? this.#options.at;
    const chain = this.#trusts(leaf, at, 'signing');
    const revocation = await this.#revocation(leaf, at, chain);
    if (revocation.revocation === 'revoked') problems.push('certificate-revoked');
    if (own && stamp === own && this.#isLeftBehind(own, range.end)) problems.push('timestamp-not-renewed');
    return {
      ...plain,
      ...revocation,
      chain,
      ...(own && report.timestamp === 'untrusted' ? { timestamp: 'valid' as const } : {}),
      ...(stamp ? { provenAt: stamp.at } : {}),
      level: this.#levelOf(leaf, range.end, stamp, report.level, chain),
      problems: [...report.problems, ...problems],
    };
  }

  #isLeftBehind({ certificate }: Stamp, end: number): boolean {
    return parseCertificate(certificate).notAfter < this.#heldUntil(end);
  }

  async #documentStamp(judged: JudgedSignature): Promise<SignatureReport> {
    const { report, evidence } = judged;
    const { kinds, forbidden } = await this.#changes(judged);
    const stamp = this.#toStamp(judged);
    const problems: ProblemCode[] = forbidden ? ['changes-forbidden'] : [];
    if (!stamp) return { ...report, laterChanges: kinds, problems: [...report.problems, ...problems] };
    const revocation = await this.#revocation(stamp.certificate, stamp.at, 'trusted');
    if (revocation.revocation === 'revoked') problems.push('certificate-revoked');
    const { range } = evidence;
    if (typeof range !== 'string' && this.#isLeftBehind(stamp, range.end)) problems.push('timestamp-not-renewed');
    return {
      ...report,
      ...revocation,
      chain: 'trusted',
      timestamp: 'valid',
      laterChanges: kinds,
      problems: [...report.problems, ...problems],
    };
  }

  judge(judged: JudgedSignature): Promise<SignatureReport> {
    return judged.evidence.message.kind === 'timestamp' ? this.#documentStamp(judged) : this.#signature(judged);
  }
}

function toStamp({ at, certificate }: TimestampVerdict): Stamp | undefined {
  return at === undefined || !certificate ? undefined : { at, certificate };
}

/** @throws ValidationError limit; whatever the source throws */
export async function judgeLongTerm(
  source: Source,
  judged: readonly JudgedSignature[],
  options: ValidationOptions,
): Promise<SignatureReport[]> {
  const records = new Records(await readStore(source, options), embeddedCertificates(judged));
  const judge = new LongTerm(source, judged, records, options);
  const reports: SignatureReport[] = [];
  for (const one of judged) reports.push(await judge.judge(one));
  return reports;
}
