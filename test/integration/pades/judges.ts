/** Programs of other makers that judge what is signed here: pdfsig, qpdf, openssl, pdftoppm. */
import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface SignatureVerdict {
  readonly fieldName: string;
  readonly valid: boolean;
  readonly trusted: boolean;
  readonly wholeDocument: boolean;
  readonly subFilter: string;
}

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue. */
  at(x: number, y: number): readonly [number, number, number];
}

export interface Judges {
  /** `--check`; true without error and without warning. */
  qpdfAccepts(pdf: Uint8Array, password?: string): Promise<boolean>;
  /** In the order of the form's fields. */
  pdfsig(pdf: Uint8Array, password?: string): Promise<readonly SignatureVerdict[]>;
  /** `qpdf` with these arguments between input and output. */
  qpdf(pdf: Uint8Array, args: readonly string[]): Promise<Buffer>;
  /** Text of all pages. */
  text(pdf: Uint8Array, password?: string): Promise<string>;
  /** Verifies a detached CMS with its signing-certificate-v2 (`-cades`) up to the root. */
  opensslAccepts(cms: Uint8Array, content: Uint8Array): Promise<boolean>;
  /** openssl's reading of DER, element by element, object identifiers by name. */
  asn1(der: Uint8Array): Promise<string>;
  /** Verifies an RFC 3161 token over the data. */
  opensslTimestampAccepts(token: Uint8Array, data: Uint8Array, root: Uint8Array): Promise<boolean>;
  /** Page 1 as displayed, one pixel to the point. */
  render(pdf: Uint8Array): Promise<Picture>;
  close(): Promise<void>;
}

function run(program: string, args: readonly string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve, reject) => {
    execFile(program, [...args], (error, stdout, stderr) => {
      if (error && typeof error.code !== 'number') reject(error);
      else resolve({ code: error ? Number(error.code) : 0, output: stdout + stderr });
    });
  });
}

const pem = (der: Uint8Array) => new X509Certificate(der).toString();

function verdicts(output: string): SignatureVerdict[] {
  return output
    .split(/^Signature #\d+:$/m)
    .slice(1)
    .map((part) => ({
      fieldName: /Signature Field Name: (.*)/.exec(part)?.[1] ?? '',
      valid: part.includes('Signature Validation: Signature is Valid.'),
      trusted: part.includes('Certificate Validation: Certificate is Trusted.'),
      wholeDocument: part.includes('- Total document signed'),
      subFilter: /Signature Type: (.*)/.exec(part)?.[1] ?? '',
    }));
}

/** Binary PPM, one byte a sample. */
function picture(ppm: Buffer): Picture {
  const header = /^P6\s+(\d+)\s+(\d+)\s+255\s/.exec(ppm.subarray(0, 64).toString('latin1'));
  const [width, height] = [Number(header?.[1]), Number(header?.[2])];
  const start = header?.[0].length ?? 0;
  const sample = (index: number) => ppm[start + index] ?? -1;
  return {
    width,
    height,
    at(x, y) {
      const index = (y * width + x) * 3;
      return [sample(index), sample(index + 1), sample(index + 2)];
    },
  };
}

/** @param root the one certificate they trust, DER */
export async function openJudges(root: Uint8Array): Promise<Judges> {
  const dir = await mkdtemp(join(tmpdir(), 'countersign-judges-'));
  let files = 0;
  const put = async (bytes: Uint8Array | string, extension: string) => {
    const path = join(dir, `${files++}.${extension}`);
    await writeFile(path, bytes);
    return path;
  };
  const rootPath = await put(pem(root), 'pem');
  const nss = `sql:${dir}`;
  for (const args of [
    ['-N', '--empty-password'],
    ['-A', '-n', 'root', '-t', 'CT,C,C', '-i', rootPath],
  ]) {
    const { code, output } = await run('certutil', ['-d', nss, ...args]);
    if (code !== 0) throw new Error(`certutil: ${output}`);
  }
  return {
    async qpdfAccepts(pdf, password = '') {
      const { code, output } = await run('qpdf', [`--password=${password}`, '--check', await put(pdf, 'pdf')]);
      return code === 0 && !output.includes('WARNING');
    },
    async pdfsig(pdf, password = '') {
      const args = ['-nssdir', nss, '-upw', password, '-opw', password, await put(pdf, 'pdf')];
      return verdicts((await run('pdfsig', args)).output);
    },
    async qpdf(pdf, args) {
      const [from, to] = [await put(pdf, 'pdf'), await put('', 'pdf')];
      const { code, output } = await run('qpdf', [from, ...args, to]);
      if (code !== 0) throw new Error(`qpdf: ${output}`);
      return readFile(to);
    },
    async text(pdf, password = '') {
      const path = await put(pdf, 'pdf');
      const { code, output } = await run('pdftotext', ['-upw', password, '-opw', password, path, '-']);
      if (code !== 0) throw new Error(`pdftotext: ${output}`);
      return output;
    },
    async opensslAccepts(cms, content) {
      const [signature, data] = [await put(cms, 'p7s'), await put(content, 'bin')];
      const options = ['-inform', 'DER', '-in', signature, '-content', data, '-binary', '-cades', '-purpose', 'any'];
      const { code } = await run('openssl', ['cms', '-verify', ...options, '-CAfile', rootPath, '-out', '/dev/null']);
      return code === 0;
    },
    async asn1(der) {
      const { code, output } = await run('openssl', ['asn1parse', '-inform', 'DER', '-in', await put(der, 'der')]);
      if (code !== 0) throw new Error(`asn1parse: ${output}`);
      return output;
    },
    async opensslTimestampAccepts(token, data, tsaRoot) {
      const [tokenPath, dataPath] = [await put(token, 'tst'), await put(data, 'bin')];
      const options = ['-in', tokenPath, '-token_in', '-data', dataPath, '-CAfile', await put(pem(tsaRoot), 'pem')];
      return (await run('openssl', ['ts', '-verify', ...options])).code === 0;
    },
    async render(pdf) {
      const path = await put(pdf, 'pdf');
      await run('pdftoppm', ['-cropbox', '-r', '72', '-f', '1', '-l', '1', '-singlefile', path, path]);
      return picture(await readFile(`${path}.ppm`));
    },
    close: () => rm(dir, { recursive: true, force: true }),
  };
}
