/** Outside judges of a signed PDF: pdfsig (poppler, NSS) and qpdf --check. */
import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface Verdict {
  readonly ok: boolean;
  /** What the judge said, for a person; empty when it is content. */
  readonly said: string;
}

/**
 * An NSS database that trusts one root, for pdfsig. Signers' own certificates are known to it without trust: pdfsig 22.12 judges
 * the second signature of one certificate in a file only when it finds that certificate there.
 */
export async function createTrustDatabase(
  dir: string,
  rootPemPath: string,
  signerPemPaths: readonly string[] = [],
): Promise<void> {
  await mkdir(dir, { recursive: true });
  await run('certutil', ['-N', '--empty-password', '-d', `sql:${dir}`]);
  await run('certutil', ['-A', '-d', `sql:${dir}`, '-n', 'sandbox-root', '-t', 'CT,C,C', '-a', '-i', rootPemPath]);
  for (const [i, path] of signerPemPaths.entries()) {
    await run('certutil', ['-A', '-d', `sql:${dir}`, '-n', `signer-${i}`, '-t', ',,', '-a', '-i', path]);
  }
}

async function outputOf(program: string, args: readonly string[]): Promise<{ code: number; text: string }> {
  try {
    const { stdout, stderr } = await run(program, [...args], { maxBuffer: 64 * 1024 * 1024 });
    return { code: 0, text: `${stdout}${stderr}` };
  } catch (error) {
    const about = error as { code?: unknown; stdout?: string; stderr?: string };
    if (typeof about.code !== 'number') throw error;
    return { code: about.code, text: `${about.stdout ?? ''}${about.stderr ?? ''}` };
  }
}

/** Every signature valid with a trusted certificate, and the last one over the whole document. */
export async function pdfsig(path: string, trustDatabase: string, signatures: number): Promise<Verdict> {
  const { text } = await outputOf('pdfsig', ['-nssdir', `sql:${trustDatabase}`, path]);
  const blocks = text.split(/^Signature #\d+:/m).slice(1);
  const bad = blocks.find(
    (block) =>
      !block.includes('Signature Validation: Signature is Valid.') ||
      !block.includes('Certificate Validation: Certificate is Trusted.'),
  );
  const whole = blocks.some((block) => block.includes('Total document signed'));
  const ok = blocks.length === signatures && bad === undefined && whole;
  return { ok, said: ok ? '' : text };
}

/** qpdf finds the file sound, with no warning. */
export async function qpdfCheck(path: string): Promise<Verdict> {
  const { code, text } = await outputOf('qpdf', ['--check', path]);
  return { ok: code === 0, said: code === 0 ? '' : text };
}
