/** The built window's files as every host serves them: from one folder, with the content security policy. */
import { readFile, realpath } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { contentSecurityPolicy, newStyleNonce, STYLE_NONCE_MARK } from './csp.ts';

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.ttf': 'font/ttf',
  '.pfb': 'application/octet-stream',
  '.bcmap': 'application/octet-stream',
  '.icc': 'application/octet-stream',
  '.wasm': 'application/wasm',
};

export interface RendererFile {
  readonly status: 200 | 404;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Where `electron-vite build` leaves the window, seen from the source and from the built main alike. */
export function rendererFolder(): string {
  const here = import.meta.url;
  if (here.endsWith('.ts')) return fileURLToPath(new URL('../../out/renderer/', here));
  const inChunks = new URL('.', here).pathname.endsWith('/chunks/');
  return fileURLToPath(new URL(inChunks ? '../../renderer/' : '../renderer/', here));
}

/** The path inside the folder, or undefined where it would leave it. */
async function inside(folder: string, urlPath: string): Promise<string | undefined> {
  let path: string;
  try {
    path = decodeURIComponent(urlPath);
  } catch {
    return undefined;
  }
  if (path.includes('\0') || path.includes('\\')) return undefined;
  try {
    const root = await realpath(folder);
    const file = await realpath(join(root, path === '/' ? '/index.html' : path));
    return file.startsWith(root + sep) ? file : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Answers a request of the window.
 * @param folder the built renderer
 * @param urlPath the URL's pathname, percent-encoded; `/` is index.html
 */
export async function readRendererFile(folder: string, urlPath: string): Promise<RendererFile> {
  const nonce = newStyleNonce();
  const headers = {
    'content-security-policy': contentSecurityPolicy(nonce),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
  };
  const file = await inside(folder, urlPath);
  const contentType = file && contentTypes[extname(file)];
  const body = file && contentType ? await readFile(file).catch(() => undefined) : undefined;
  if (!body || !contentType) {
    return { status: 404, headers: { ...headers, 'content-type': 'text/plain' }, body: Buffer.alloc(0) };
  }
  const marked = contentType.startsWith('text/html');
  return {
    status: 200,
    headers: { ...headers, 'content-type': contentType },
    body: marked ? Buffer.from(body.toString('utf8').replaceAll(STYLE_NONCE_MARK, nonce)) : body,
  };
}
