/** What signing to a level needs at the command line: a card, its authorities with their responders, a timestamp authority, two PDFs. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { issueSigner, revoke, startServedPki, startTimestampAuthority } from '../../sandbox/pki/index.ts';
import { createSoftHsmToken } from '../../sandbox/softhsm.ts';
import { type Ran, runCli } from './run-cli.ts';
import { writeSampleFiles } from './sample-files.ts';

export const PIN = '482913';

async function openLevels() {
  const dir = await mkdtemp(join(tmpdir(), 'cli-levels-'));
  const at = (name: string) => join(dir, name);
  const { pki, server } = await startServedPki(Date.now());
  const { certificate, privateKey } = await issueSigner(pki, {
    name: 'me',
    commonName: 'Ilze Liepa',
    keyType: 'p-256',
  });
  const gone = await issueSigner(pki, { name: 'gone', commonName: 'Ilze before', keyType: 'p-256' });
  await revoke(pki, gone, { at: Date.now() - 86_400_000, reason: 'key-compromise' });
  const token = await createSoftHsmToken(at('token'), {
    label: 'Card',
    pin: PIN,
    soPin: '12345678',
    signers: [
      { label: 'me', id: '01', certificate, privateKey },
      { label: 'gone', id: '02', certificate: gone.certificate, privateKey: gone.privateKey },
    ],
    chain: [pki.issuing.certificate],
  });
  const authority = await startTimestampAuthority(pki, { clock: Date });
  const rootPem = await writeSampleFiles(at, pki);

  function cli(args: readonly string[], secret?: string, more: NodeJS.ProcessEnv = {}): Promise<Ran> {
    const env = {
      ...token.env,
      ...more,
      COUNTERSIGN_PROFILE: at('profile'),
      XDG_CONFIG_HOME: at('config'),
      XDG_CACHE_HOME: at('cache'),
    };
    return runCli(args, env, secret);
  }
  const signing = (id = '01') => [
    ...['--module', token.modulePath, '--cert-id', id, '--pin-fd', '3', '--tsa', authority.url, '--trust', rootPem],
  ];
  const levelsOf = async (name: string, ...flags: string[]) => {
    const { code, stdout } = await cli(['verify', at(name), '--trust', rootPem, '--offline', '--json', ...flags]);
    const report = JSON.parse(stdout) as { signatures: { level: string; revocation: string; kind: string }[] };
    return { code, levels: report.signatures.map(({ level }) => level), revocation: report.signatures[0]?.revocation };
  };
  return {
    ...{ dir, at, token, server, authority, rootPem, cli, signing, levelsOf },
    async close() {
      await authority.stop();
      await server.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
type Levels = Awaited<ReturnType<typeof openLevels>>;

/** Open while the tests of a file run; its responders are up before each. */
export function levelsStage() {
  let open: Levels | undefined;
  const stage = (): Levels => {
    if (!open) throw new Error('the stage opens before the first test');
    return open;
  };
  beforeAll(async () => {
    open = await openLevels();
  });
  afterEach(() => stage().server.setState('up'));
  afterAll(() => open?.close());
  return {
    stage,
    at: (name: string) => stage().at(name),
    cli: (...given: Parameters<Levels['cli']>) => stage().cli(...given),
    signing: (id?: string) => stage().signing(id),
    levelsOf: (...given: Parameters<Levels['levelsOf']>) => stage().levelsOf(...given),
  };
}
