import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRendererFile } from '../../../main/host/renderer-files.ts';

let dir: string;
let renderer: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'countersign-renderer-'));
  renderer = join(dir, 'renderer');
  await mkdir(join(renderer, 'assets'), { recursive: true });
  await writeFile(join(renderer, 'index.html'), '<meta nonce="@STYLE_NONCE@"><p>@STYLE_NONCE@');
  await writeFile(join(renderer, 'assets', 'a b.js'), 'const mark = "@STYLE_NONCE@";');
  await writeFile(join(renderer, 'assets', 'notes.exe'), 'x');
  await writeFile(join(dir, 'secret.json'), '{}');
  await mkdir(join(dir, 'renderer-too'));
  await writeFile(join(dir, 'renderer-too', 'x.js'), 'x');
  await symlink(join(dir, 'secret.json'), join(renderer, 'link.json'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

describe('a file of the window', () => {
  it('is the page, with the nonce of its own policy in it', async () => {
    const { status, headers, body } = await readRendererFile(renderer, '/');
    const nonce = /'nonce-([^']+)'/.exec(headers['content-security-policy'] ?? '')?.[1];
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(body.toString()).toBe(`<meta nonce="${nonce}"><p>${nonce}`);
    expect((await readRendererFile(renderer, '/')).body).not.toEqual(body);
  });

  it('is a script as it is, under its encoded name', async () => {
    const { status, headers, body } = await readRendererFile(renderer, '/assets/a%20b.js');
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(body.toString()).toContain('@STYLE_NONCE@');
  });

  it.each([
    '/missing.js',
    '/assets',
    '/assets/notes.exe',
    '/../secret.json',
    '/%2e%2e/secret.json',
    '/..%2fsecret.json',
    '/..%5csecret.json',
    '/../renderer-too/x.js',
    '/link.json',
    '/%00',
    '/%E0%A4%A',
    '//secret.json',
  ])('is not %s', async (path) => {
    const { status, headers, body } = await readRendererFile(renderer, path);
    expect(status).toBe(404);
    expect(body).toHaveLength(0);
    expect(headers['content-security-policy']).toContain("default-src 'none'");
  });
});
