/**
 * Everything that reads bytes of others, fed with damaged samples, seeded: for CI in small numbers (test/unit/hostile/parsers.test.ts), for
 * `npm run soak -- parsers` in large ones. A parser answers, or refuses by its room's error; all else is a defect. PDFs are pdf-fuzz.ts's.
 */
import { readFileSync } from 'node:fs';
import { parseChallenge } from '../../main/devices/challenge-text.ts';
import {
  bufferSource,
  cadesAttributesOf,
  frameCades,
  PadesError,
  readCades,
  revocationsOf,
  rewriteDamaged,
} from '../../main/pades/index.ts';
import { readImage } from '../../main/pdf/image.ts';
import { PdfError } from '../../main/pdf/index.ts';
import { readTrueType } from '../../main/pdf/true-type.ts';
import {
  createTimestampAuthority,
  PkiError,
  parseCertificate,
  parsePem,
  readSignedData,
  readSignerNames,
  readTimestampToken,
  verifyCms,
  verifyTimestampToken,
} from '../../main/pki/index.ts';
import { readOcspResponse } from '../../main/pki/ocsp.ts';
import { readRevocationList } from '../../main/pki/revocation-list.ts';
import { systemClock } from '../../main/platform/clock.ts';
import { findContent } from '../../main/platform/signed-message.ts';
import { markFont } from '../../main/signing/mark-font.ts';
import { parseModuleFile } from '../../main/tokens/p11-kit.ts';
import { parseBinaryHeader } from '../../native/module-file.ts';
import { hostRequest } from '../../native/protocol.ts';
import { certificatePem, privateKeyOf } from '../sandbox/pki/certificates.ts';
import { integer } from '../sandbox/pki/der.ts';
import { createPki, issueSigner } from '../sandbox/pki/index.ts';
import { sha256 } from '../sandbox/pki/signing.ts';
import { grant } from '../sandbox/pki/timestamp-response.ts';
import { signWith } from '../unit/pades/credentials.ts';
import { makeList, makeOcsp } from '../unit/pki/revocation-samples.ts';
import { mutate as mutatePdf, samples as pdfSamples, type Random, randomFrom } from './pdf-fuzz.ts';

export interface Fuzzed {
  readonly name: string;
  readonly samples: readonly Uint8Array[];
  /** The errors it may refuse with. */
  readonly refusals: readonly (new (
    ...args: never[]
  ) => Error)[];
  readonly parse: (bytes: Uint8Array) => unknown;
  readonly mutate?: (bytes: Uint8Array, random: Random) => Uint8Array;
}

const NOW = Date.UTC(2026, 5, 1);
const HOUR = 3_600_000;
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('utf8');
const utf8 = (words: string) => new Uint8Array(Buffer.from(words, 'utf8'));

const BORDERS = [0, 1, 0x7f, 0x80, 0x81, 0x84, 0x88, 0xff];

/** Bit flips, borders of lengths and tags, cuts, doubled and moved stretches. */
function mutateBytes(sample: Uint8Array, random: Random): Uint8Array {
  let bytes = Buffer.from(sample);
  for (let times = random(4); times >= 0; times--) {
    const [at, length] = [random(Math.max(bytes.length, 1)), 1 + random(24)];
    const kind = random(6);
    if (kind === 0) bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8));
    else if (kind === 1) bytes[at] = BORDERS[random(BORDERS.length)] ?? 0;
    else if (kind === 2) bytes = bytes.subarray(0, at);
    else if (kind === 3) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
    else if (kind === 4) bytes = Buffer.concat([bytes.subarray(0, at + length), bytes.subarray(at)]);
    else bytes.copyWithin(at, random(Math.max(bytes.length, 1)), bytes.length);
  }
  return bytes;
}

function pngSample(): Uint8Array {
  return readFileSync(new URL('../vectors/appearance/image-only.png', import.meta.url));
}

/** Headers of the three formats, one of them with two architectures. */
function librarySamples(): Uint8Array[] {
  const elf = new Uint8Array(64);
  elf.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 62]);
  const pe = new Uint8Array(256);
  pe.set([0x4d, 0x5a]);
  pe[60] = 0x80;
  pe.set([0x50, 0x45, 0, 0, 0x64, 0x86], 0x80);
  const fat = new Uint8Array(64);
  fat.set([0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 2, 1, 0, 0, 7]);
  return [elf, pe, fat];
}

/** The client's own way from an answer to a token: status, token, imprint, nonce. */
function timestampAnswer(body: Uint8Array): Promise<unknown> {
  const http = {
    request: async () => ({ status: 200, headers: { 'content-type': 'application/timestamp-reply' }, body }),
    stream: () => Promise.reject(new Error('not asked for')),
    close: async () => undefined,
  };
  const authority = createTimestampAuthority({
    url: 'http://127.0.0.1/tsa',
    http,
    clock: systemClock,
    timeoutMs: 1000,
  });
  return authority.timestamp(utf8('a signature value'));
}

/** Made with keys of their own, so that a run needs nothing. */
export async function fuzzedParsers(): Promise<readonly Fuzzed[]> {
  const pki = await createPki({
    now: NOW,
    urls: { ocsp: 'http://ocsp.test', crl: 'http://crl.test', caIssuers: 'http://ca.test' },
  });
  const signer = await issueSigner(pki, { name: 'a', commonName: 'Anna Ozola', keyType: 'p-256' });
  const { certificate } = signer;
  const content = utf8('%PDF-1.7 what is signed');
  const query = {
    hash: '2.16.840.1.101.3.4.2.1',
    imprint: sha256(content),
    nonce: integer(5),
    policy: undefined,
    certificatesWanted: true,
  };
  const answer = grant({ query, authority: pki.timestamp, chain: [pki.issuing.certificate], at: NOW });
  // Behind the header of four bytes and a PKIStatusInfo of five.
  const token = answer.subarray(9);
  const attributes = cadesAttributesOf(new Uint8Array(32), certificate, NOW);
  const scheme = 'ecdsa-sha256';
  const parts = {
    signedAttributes: attributes,
    signature: signWith(privateKeyOf(signer), scheme, attributes),
    scheme,
    certificate,
  } as const;
  const { head, tail } = frameCades({ ...parts, chain: [pki.issuing.certificate] }, content.length);
  const message = Buffer.concat([head, content, tail]);
  const list = makeList({
    issuer: pki.issuing,
    thisUpdate: NOW,
    nextUpdate: NOW + HOUR,
    number: 10,
    entries: [{ serial: '0102', at: NOW, reason: 1 }],
  });
  const ocsp = makeOcsp({
    certificate,
    issuer: pki.issuing,
    responder: pki.issuing,
    thisUpdate: NOW,
    nextUpdate: NOW + HOUR,
    status: { at: NOW, reason: 4 },
  });
  const request = { id: 1, call: 'sign', sessionId: 's', keyId: '01', scheme, data: 'bytes' };
  return [
    {
      name: 'certificate',
      samples: [certificate, pki.root.certificate],
      refusals: [PkiError],
      parse: parseCertificate,
    },
    { name: 'signer names', samples: [certificate], refusals: [PkiError], parse: readSignerNames },
    { name: 'PEM', samples: [utf8(certificatePem(pki.root))], refusals: [], parse: (bytes) => parsePem(text(bytes)) },
    { name: 'CMS', samples: [message], refusals: [PkiError], parse: (bytes) => verifyCms(readSignedData(bytes)) },
    {
      name: 'CAdES, to be added to',
      samples: [message],
      refusals: [PadesError],
      parse: (bytes) => revocationsOf(readCades(bytes)),
    },
    {
      name: 'content of a message',
      samples: [message],
      refusals: [],
      parse: (bytes) => findContent(bufferSource(bytes)),
    },
    {
      name: 'timestamp token',
      samples: [token],
      refusals: [PkiError],
      parse: (bytes) => verifyTimestampToken(readTimestampToken(bytes), content),
    },
    { name: 'timestamp answer', samples: [answer], refusals: [], parse: timestampAnswer },
    { name: 'OCSP answer', samples: [ocsp], refusals: [PkiError], parse: readOcspResponse },
    { name: 'revocation list', samples: [list], refusals: [PkiError], parse: readRevocationList },
    { name: 'image', samples: [pngSample()], refusals: [PdfError], parse: readImage },
    { name: 'font', samples: [await markFont()], refusals: [PdfError], parse: readTrueType },
    { name: 'library header', samples: librarySamples(), refusals: [], parse: parseBinaryHeader },
    {
      name: 'p11-kit module file',
      samples: [utf8('# ours\nmodule: opensc-pkcs11.so\npriority: 7\nenable-in: countersign, ssh\n')],
      refusals: [],
      parse: (bytes) => parseModuleFile(text(bytes)),
    },
    {
      name: 'message to a token host',
      samples: [utf8(JSON.stringify(request))],
      refusals: [SyntaxError],
      parse: (bytes) => hostRequest.safeParse(JSON.parse(text(bytes))),
    },
    {
      name: 'challenge of a QR code',
      samples: [utf8(JSON.stringify({ userId: 'u', baseURL: 'https://st.test', challenge: 'c'.repeat(36) }))],
      refusals: [],
      parse: (bytes) => parseChallenge(text(bytes)),
    },
    {
      name: 'rewritten PDF',
      samples: pdfSamples.map((make) => make()),
      refusals: [PadesError],
      parse: (bytes) => rewriteDamaged(bufferSource(bytes)),
      mutate: mutatePdf,
    },
  ];
}

export interface Fault {
  readonly seed: number;
  readonly what: string;
}

const MAX_MS = 2000;

/** @returns what went wrong and with which seed; empty where each damaged sample was read or refused in time */
export async function fuzzParser(
  { samples, refusals, parse, mutate = mutateBytes }: Fuzzed,
  runs: number,
  seed: number,
): Promise<Fault[]> {
  const faults: Fault[] = [];
  for (let run = 0; run < runs; run++) {
    const bytes = mutate(samples[run % samples.length] ?? new Uint8Array(), randomFrom(seed + run));
    const startMs = performance.now();
    try {
      await parse(bytes);
    } catch (error) {
      if (!refusals.some((refusal) => error instanceof refusal)) faults.push({ seed: seed + run, what: String(error) });
    }
    const ms = performance.now() - startMs;
    if (ms > MAX_MS) faults.push({ seed: seed + run, what: `${ms.toFixed(0)} ms` });
  }
  return faults;
}

/** @returns how many faults it found in all the parsers, each fed `runs` times */
export async function soakParsers(runs: number, seed: number): Promise<number> {
  let faults = 0;
  for (const parser of await fuzzedParsers()) {
    const found = await fuzzParser(parser, runs, seed);
    faults += found.length;
    process.stdout.write(`  ${parser.name}: ${runs} damaged, ${found.length} faults\n`);
    for (const { seed: its, what } of found.slice(0, 5)) process.stdout.write(`    seed ${its}: ${what}\n`);
  }
  return faults;
}
