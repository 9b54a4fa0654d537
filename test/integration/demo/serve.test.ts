/** `npm run sandbox` as a process: it can be signed in to with what it prints, told to misbehave, and leaves nothing behind. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { z } from 'zod';

const serve = fileURLToPath(new URL('../../sandbox/serve.ts', import.meta.url));
const printed = z.object({
  signingToday: z.url(),
  signIn: z.object({ username: z.string(), password: z.string(), clientId: z.string(), clientSecret: z.string() }),
  others: z.array(z.object({ username: z.string(), password: z.string() })),
  timestamps: z.url(),
  revocation: z.url(),
  root: z.string(),
  control: z.url(),
  folder: z.string(),
});
type Printed = z.infer<typeof printed>;

let stop: (() => Promise<number | null>) | undefined;
afterEach(() => stop?.());

async function start(): Promise<Printed> {
  const child = spawn(process.execPath, ['--no-warnings', serve, '--json'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  stop = () => {
    child.kill('SIGINT');
    return ended;
  };
  let text = '';
  for await (const chunk of child.stdout) {
    text += String(chunk);
    if (text.includes('\n')) break;
  }
  return printed.parse(JSON.parse(text));
}

function signIn({ signingToday, signIn: client }: Printed, who: { username: string; password: string }) {
  const authorization = `Basic ${Buffer.from(`${client.clientId}:${client.clientSecret}`).toString('base64')}`;
  const body = new URLSearchParams({ grant_type: 'password', ...who });
  return fetch(`${signingToday}/oauth/token`, { method: 'POST', headers: { authorization }, body });
}

it('starts seeded, takes the printed sign-ins, misbehaves as told, and is gone after Ctrl+C', {
  timeout: 120_000,
}, async () => {
  const found = await start();
  const { username, password } = found.signIn;
  const { access_token: token } = (await (await signIn(found, { username, password })).json()) as {
    access_token: string;
  };
  const list = () => fetch(`${found.signingToday}/DSTs?$count=true`, { headers: { authorization: `Bearer ${token}` } });
  expect(((await (await list()).json()) as { count: number }).count).toBeGreaterThan(5);
  for (const person of found.others) expect((await signIn(found, person)).status).toBe(200);

  const tell = (path: string, body: unknown = {}) =>
    fetch(`${found.control}${path}`, { method: 'POST', body: JSON.stringify(body) });
  await tell('/misbehave', { kind: 'status', status: 429, headers: { 'retry-after': '7' }, for: '^/DSTs' });
  const limited = await list();
  expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '7']);
  await tell('/misbehave', { kind: 'changed-schema', for: '^/DSTs' });
  expect(await (await list()).json()).not.toHaveProperty('values');
  expect((await list()).status).toBe(200);
  await tell('/expire-tokens');
  expect((await list()).status).toBe(401);
  expect((await tell('/misbehave', { kind: 'nonsense' })).status).toBe(400);

  expect(existsSync(found.root)).toBe(true);
  expect(await stop?.()).toBe(0);
  expect(existsSync(found.folder)).toBe(false);
  for (const url of [found.signingToday, found.timestamps, found.revocation, found.control]) {
    await expect(fetch(url)).rejects.toThrow();
  }
});
