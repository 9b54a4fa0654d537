/** A batch asks for its timestamps side by side: an authority that is slow costs one wait, not one for each file. */
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PDFDocument } from 'pdf-lib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createPki, type SandboxTimestampAuthority, startTimestampAuthority } from '../../sandbox/pki/index.ts';
import type { SoftHsmToken } from '../../sandbox/softhsm.ts';
import { forwardQuery } from './forward-query.ts';
import { runCli } from './run-cli.ts';
import { createSignerToken, PIN } from './signer-token.ts';

const FILES = 6;
/** Long enough for a second request to come while the first is held; one that is alone is let go then. */
const HELD_MS = 3_000;
let dir: string;
let token: SoftHsmToken;
let authority: SandboxTimestampAuthority;
let door: Server;
const seen = { open: 0, most: 0, all: 0 };
const at = (name: string) => join(dir, name);

/** Holds each request till another is there beside it. */
function openDoor(): Server {
  let other = Promise.withResolvers<void>();
  return createServer(async (request, response) => {
    seen.all++;
    seen.open++;
    seen.most = Math.max(seen.most, seen.open);
    if (seen.open > 1) {
      other.resolve();
      other = Promise.withResolvers();
    } else {
      const alone = setTimeout(other.resolve, HELD_MS);
      await other.promise;
      clearTimeout(alone);
    }
    seen.open--;
    await forwardQuery(request, response, authority.url);
  });
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'cli-stamps-'));
  const pki = await createPki({ now: Date.now() });
  token = await createSignerToken(at('token'), pki);
  authority = await startTimestampAuthority(pki, { clock: Date });
  door = openDoor().listen(0, '127.0.0.1');
  await once(door, 'listening');
});
afterAll(async () => {
  door.closeAllConnections();
  await new Promise((resolve) => door.close(resolve));
  await authority.stop();
  await rm(dir, { recursive: true, force: true });
});

it('asks for several timestamps at once', async () => {
  const files = Array.from({ length: FILES }, (_, index) => at(`in-${index}.pdf`));
  for (const file of files) {
    const pdf = await PDFDocument.create();
    pdf.addPage().drawText(file);
    await writeFile(file, await pdf.save());
  }
  const out = await mkdtemp(at('out-'));
  const { port } = door.address() as AddressInfo;
  const tsa = ['--level', 'B-T', '--tsa', `http://127.0.0.1:${port}/`];
  const flags = ['--module', token.modulePath, '--pin-fd', '3', '--out', out, ...tsa];
  const env = { ...token.env, COUNTERSIGN_PROFILE: at('profile'), XDG_CONFIG_HOME: at('config') };
  const { code, stdout } = await runCli(['sign', ...files, ...flags, '--json'], env, PIN);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toHaveLength(FILES);
  expect(await readdir(out)).toHaveLength(FILES);
  expect(seen.all).toBe(FILES);
  expect(seen.most).toBeGreaterThan(1);
});
