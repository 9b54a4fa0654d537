/** A small PKI made by openssl in a folder of its own: the peer that certificates, messages and timestamps are judged against. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Issued {
  readonly name: string;
  readonly der: Uint8Array;
  readonly certificatePath: string;
  readonly keyPath: string;
}

export type KeyKind = 'rsa' | 'rsa-pss' | 'P-256' | 'P-384' | 'P-521';

export interface IssueOptions {
  readonly name: string;
  /** openssl's own form, `/CN=…/O=…`. */
  readonly subject: string;
  /** Undefined: signed by itself. */
  readonly issuer?: Issued;
  readonly key?: KeyKind;
  /** An existing certificate whose key is certified again. */
  readonly keyOf?: Issued;
  /** Lines of an openssl extension section. */
  readonly extensions: readonly string[];
  readonly days?: number;
  readonly serial?: number;
}

export const extensions = {
  ca: ['basicConstraints=critical,CA:TRUE', 'keyUsage=critical,keyCertSign,cRLSign', 'subjectKeyIdentifier=hash'],
  signer: ['basicConstraints=critical,CA:FALSE', 'keyUsage=critical,nonRepudiation', 'subjectKeyIdentifier=hash'],
  tsa: ['keyUsage=critical,digitalSignature', 'extendedKeyUsage=critical,timeStamping'],
} as const;

const keyArguments: Readonly<Record<KeyKind, readonly string[]>> = {
  rsa: ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'],
  'rsa-pss': ['-algorithm', 'RSA-PSS', '-pkeyopt', 'rsa_keygen_bits:2048'],
  'P-256': ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'],
  'P-384': ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-384'],
  'P-521': ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-521'],
};

export class OpensslPki {
  readonly folder = mkdtempSync(join(tmpdir(), 'countersign-pki-'));
  #files = 0;

  run(args: readonly string[]): Buffer {
    return execFileSync('openssl', args, { cwd: this.folder, stdio: ['ignore', 'pipe', 'pipe'] });
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  write(content: string | Uint8Array): string {
    const path = this.path(`file-${++this.#files}`);
    writeFileSync(path, content);
    return path;
  }

  issue(options: IssueOptions): Issued {
    const { name, subject, issuer, keyOf, key = 'P-256', days = 365, serial = ++this.#files } = options;
    const keyPath = keyOf?.keyPath ?? this.path(`${name}.key`);
    if (!keyOf) this.run(['genpkey', ...keyArguments[key], '-out', keyPath]);
    const request = this.path(`${name}.csr`);
    this.run(['req', '-new', '-utf8', '-key', keyPath, '-subj', subject, '-config', this.write(''), '-out', request]);
    const certificatePath = this.path(`${name}.pem`);
    const signer = issuer ? ['-CA', issuer.certificatePath, '-CAkey', issuer.keyPath] : ['-signkey', keyPath];
    const extensionFile = this.write(options.extensions.join('\n'));
    this.run([
      ...['x509', '-req', '-in', request, ...signer, '-extfile', extensionFile, '-days', `${days}`],
      ...['-set_serial', `${serial}`, '-sha256', '-out', certificatePath],
    ]);
    return { name, der: this.toDer(certificatePath), certificatePath, keyPath };
  }

  toDer(certificatePath: string): Uint8Array {
    return new Uint8Array(this.run(['x509', '-in', certificatePath, '-outform', 'DER']));
  }

  /** A detached CMS signature with a signing-certificate-v2 attribute. */
  sign(content: Uint8Array, signer: Issued, more: readonly string[] = []): Uint8Array {
    const out = this.path(`cms-${++this.#files}`);
    const input = this.write(content);
    this.run([
      ...['cms', '-sign', '-binary', '-in', input, '-signer', signer.certificatePath, '-inkey', signer.keyPath],
      ...['-cades', '-md', 'sha256', '-outform', 'DER', '-out', out, ...more],
    ]);
    return new Uint8Array(readFileSync(out));
  }

  /** `openssl ts -reply` to a DER TimeStampReq. */
  timestampReply(query: Uint8Array, tsa: Issued, chain: readonly Issued[] = []): Uint8Array {
    const chainPath = this.write(chain.map(({ certificatePath }) => readFileSync(certificatePath, 'utf8')).join(''));
    const config = this.write(
      [
        '[tsa]',
        'default_policy = 1.2.3.4.1',
        'digests = sha1, sha256, sha384, sha512',
        `serial = ${this.path('tsa-serial')}`,
        'signer_digest = sha256',
        'ess_cert_id_alg = sha256',
        'ordering = yes',
        'accuracy = secs:1',
      ].join('\n'),
    );
    return new Uint8Array(
      this.run([
        ...['ts', '-reply', '-config', config, '-section', 'tsa', '-queryfile', this.write(query)],
        ...['-signer', tsa.certificatePath, '-inkey', tsa.keyPath],
        ...(chain.length > 0 ? ['-chain', chainPath] : []),
      ]),
    );
  }

  /** A token over `message`, taken out of its reply. */
  timestamp(message: Uint8Array, tsa: Issued, chain: readonly Issued[] = [], digest = 'sha256'): Uint8Array {
    const query = this.run(['ts', '-query', '-data', this.write(message), `-${digest}`, '-cert']);
    const reply = this.write(this.timestampReply(query, tsa, chain));
    return new Uint8Array(this.run(['ts', '-reply', '-in', reply, '-token_out']));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
