import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import vm from 'node:vm';
import { beforeEach, describe, expect, it } from 'vitest';
import { createRouter, type Handlers } from '../../../main/ipc/router.ts';
import { calls, events } from '../../../preload/contract.ts';

interface Exposed {
  call(name: string, input: unknown): Promise<unknown>;
  on(name: string, listener: (payload: unknown) => void): () => void;
  addFiles(files: readonly object[]): Promise<unknown>;
}

const built = fileURLToPath(new URL('../../../out/preload/preload.cjs', import.meta.url));
const required: string[] = [];
const invoked: string[] = [];
const sent: unknown[] = [];
const listening = new Map<string, Set<(event: unknown, payload: unknown) => void>>();
let exposed: Exposed;

/** The real router behind a fake ipcRenderer: every handler answers with its own name. */
const OWN_CALL = 'files.dropped';
const names = Object.keys(calls).filter((name) => name !== OWN_CALL);
const handlers = Object.fromEntries(
  Object.keys(calls).map((name) => [name, async () => ({ from: name })]),
) as unknown as Handlers;
const dispatch = createRouter(handlers, () => undefined);

const electron = {
  contextBridge: {
    exposeInMainWorld(name: string, api: Exposed) {
      expect(name).toBe('countersign');
      exposed = api;
    },
  },
  webUtils: { getPathForFile: (file: { path?: string }) => file.path ?? '' },
  ipcRenderer: {
    invoke(name: string, input: unknown) {
      invoked.push(name);
      sent.push(input);
      return dispatch({ origin: 'app://countersign', isMainFrame: true }, name, input);
    },
    on(name: string, listener: (event: unknown, payload: unknown) => void) {
      listening.set(name, (listening.get(name) ?? new Set()).add(listener));
    },
    removeListener(name: string, listener: (event: unknown, payload: unknown) => void) {
      listening.get(name)?.delete(listener);
    },
  },
};

function require(name: string): unknown {
  required.push(name);
  if (name !== 'electron') throw new Error(`the sandboxed preload has no ${name}`);
  return electron;
}

beforeEach(async () => {
  required.length = 0;
  invoked.length = 0;
  sent.length = 0;
  listening.clear();
  const text = await readFile(built, 'utf8');
  // What a sandboxed preload finds: no process, no Node, the page's own globals.
  const sandbox = vm.createContext({
    require,
    module: { exports: {} },
    exports: {},
    URL,
    TextEncoder,
    TextDecoder,
    atob,
    btoa,
  });
  vm.runInContext(text, sandbox, { filename: built });
});

describe('the built preload', () => {
  it('requires electron and nothing else', () => {
    expect([...new Set(required)]).toEqual(['electron']);
  });

  it('exposes three functions and nothing of Electron', () => {
    expect(Object.keys(exposed).sort()).toEqual(['addFiles', 'call', 'on']);
  });

  it('takes paths of files from Electron alone, and passes over what has none', async () => {
    expect(await exposed.call(OWN_CALL, { paths: ['/etc/passwd'] })).toMatchObject({ error: { code: 'unknown-call' } });
    expect(await exposed.addFiles([{ name: 'made-in-the-page' }])).toEqual({ ok: true, value: { files: [] } });
    expect(invoked).toEqual([]);
    await exposed.addFiles([{ path: '/home/x/a.pdf' }, {}]);
    expect([invoked, sent]).toEqual([[OWN_CALL], [{ paths: ['/home/x/a.pdf'] }]]);
  });

  it('carries a call of every kind to the router', async () => {
    for (const name of names) {
      const reply = (await exposed.call(name, {})) as { ok: boolean; error?: { code: string } };
      // A call without the input it needs is refused by the router's parser, not lost on the way.
      expect(reply.ok || reply.error?.code === 'bad-input', name).toBe(true);
    }
    expect(invoked).toEqual(names);
  });

  it.each(['nothing', 'constructor', '__proto__', 'ELECTRON_BROWSER_REQUIRE'])('never sends %s', async (name) => {
    expect(await exposed.call(name, {})).toMatchObject({ ok: false, error: { code: 'unknown-call' } });
    expect(invoked).toEqual([]);
  });

  it('hears the contract’s events, only those, and stops when told', () => {
    const heard: unknown[] = [];
    for (const name of Object.keys(events)) exposed.on(name, (payload) => heard.push([name, payload]));
    exposed.on('something-else', () => heard.push('wrong'));
    expect([...listening.keys()]).toEqual(Object.keys(events));
    const [first] = Object.keys(events);
    const stop = exposed.on(String(first), () => heard.push('second'));
    stop();
    for (const listener of listening.get(String(first)) ?? []) listener({ sender: 'secret' }, 7);
    expect(heard).toEqual([[first, 7]]);
  });
});
