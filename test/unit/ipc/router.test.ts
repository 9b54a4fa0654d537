import { describe, expect, it } from 'vitest';
import { CallError, createRouter, type Handlers, localSender } from '../../../main/ipc/router.ts';
import { calls } from '../../../preload/contract.ts';

/** Handlers that all refuse to be called, but for those given. */
function handlers(given: Partial<Handlers>): Handlers {
  const names = Object.keys(calls) as (keyof Handlers)[];
  const unexpected = (name: string) => () => Promise.reject(new Error(`unexpected call of ${name}`));
  const all = Object.fromEntries(names.map((name) => [name, given[name] ?? unexpected(name)]));
  return all as unknown as Handlers;
}

const quiet = () => undefined;

describe('who may call', () => {
  it.each([
    { origin: 'https://evil.example', isMainFrame: true },
    { origin: 'app://countersign', isMainFrame: false },
    { origin: 'app://countersign.evil', isMainFrame: true },
    { origin: 'null', isMainFrame: true },
    { origin: '', isMainFrame: true },
  ])('refuses %j before parsing', async (sender) => {
    const dispatch = createRouter(handlers({ 'jobs.list': async () => [] }), quiet);
    expect(await dispatch(sender, 'jobs.list', {})).toMatchObject({ ok: false, error: { code: 'forbidden-sender' } });
  });

  it.each(['app://countersign', 'https://countersign.localhost', 'local'])('answers %s', async (origin) => {
    const dispatch = createRouter(handlers({ 'jobs.list': async () => [] }), quiet);
    expect(await dispatch({ origin, isMainFrame: true }, 'jobs.list', {})).toEqual({ ok: true, value: [] });
  });
});

describe('what may be said', () => {
  it.each(['nothing', '__proto__', 'constructor', 'toString', ''])('knows no call %j', async (name) => {
    const reply = await createRouter(handlers({}), quiet)(localSender, name, {});
    expect(reply).toMatchObject({ ok: false, error: { code: 'unknown-call' } });
  });

  it.each([
    ['notes.add', { transactionId: 'x', text: '' }, 'text'],
    ['notes.add', { transactionId: 'x', text: 'y', extra: 1 }, ''],
    ['notes.add', 'text', ''],
    ['documents.read', { transactionId: 'a', documentId: 'b', sha256: 'c', offset: -1, length: 5 }, 'sha256'],
    ['inbox.list', { view: 'to-do', offset: 0, limit: 100_000 }, 'limit'],
  ])('refuses %s %j and names the field', async (name, input, field) => {
    const reply = await createRouter(handlers({}), quiet)(localSender, name, input);
    expect(reply).toEqual({ ok: false, error: { code: 'bad-input', retryable: false, details: { field } } });
  });
});

describe('paths', () => {
  it('of dropped files are taken from the preload, which the other window has none of', async () => {
    const dispatch = createRouter(handlers({ 'files.dropped': async () => ({ files: [] }) }), quiet);
    const drop = (origin: string) =>
      dispatch({ origin, isMainFrame: true }, 'files.dropped', { paths: ['/home/x/a.pdf'] });
    expect(await drop('app://countersign')).toMatchObject({ ok: true });
    expect(await drop('https://countersign.localhost')).toMatchObject({ error: { code: 'forbidden-sender' } });
  });

  it.each([
    ['documents.export', { transactionId: 'a', documentId: 'b', path: '/home/x/.bashrc' }],
    ['tokens.list', { modulePath: '/tmp/module.so' }],
    ['settings.change', { pkcs11Modules: ['/tmp/module.so'] }],
    ['settings.change', { trustAnchors: ['/tmp/root.pem'] }],
    ['settings.change', { caFile: '/tmp/root.pem' }],
  ])('are never taken from a window: %s %j', async (name, input) => {
    const dispatch = createRouter(handlers({}), quiet);
    const window = { origin: 'app://countersign', isMainFrame: true };
    expect(await dispatch(window, name, input)).toMatchObject({ ok: false, error: { code: 'forbidden-sender' } });
    // From the command line the call gets as far as its handler, which these doubles refuse.
    expect(await dispatch(localSender, name, input)).toMatchObject({ ok: false, error: { code: 'internal' } });
  });

  it('may be taken away by a window', async () => {
    const dispatch = createRouter(handlers({}), quiet);
    const window = { origin: 'app://countersign', isMainFrame: true };
    // As far as its handler, which these doubles refuse.
    expect(await dispatch(window, 'settings.change', { caFile: null })).toMatchObject({ error: { code: 'internal' } });
  });

  it('may be left out by a window', async () => {
    const dispatch = createRouter(handlers({ 'tokens.list': async () => ({ tokens: [], problems: [] }) }), quiet);
    expect(await dispatch({ origin: 'app://countersign', isMainFrame: true }, 'tokens.list', {})).toMatchObject({
      ok: true,
    });
  });
});

describe('errors', () => {
  const failing = (error: unknown) => handlers({ 'inbox.show': () => Promise.reject(error) });
  const show = { transactionId: 'x' };

  it('passes a declared code with its details', async () => {
    const dispatch = createRouter(failing(new CallError('not-found', { what: 'transaction' })), quiet);
    expect(await dispatch(localSender, 'inbox.show', show)).toEqual({
      ok: false,
      error: { code: 'not-found', retryable: false, details: { what: 'transaction' } },
    });
  });

  it('hides what is not declared, and reports it', async () => {
    const reported: unknown[] = [];
    const secret = Object.assign(new Error('PIN 123456'), { code: 'EACCES', path: '/home/x' });
    const dispatch = createRouter(failing(secret), (call, error) => reported.push([call, error]));
    const reply = await dispatch(localSender, 'inbox.show', show);
    expect(reply).toEqual({ ok: false, error: { code: 'internal', retryable: false, details: {} } });
    expect(reported).toEqual([['inbox.show', secret]]);
  });

  it('carries a provider’s own words only as a detail', async () => {
    const error = Object.assign(new Error('x'), { code: 'refused', serverMessage: 'quota exceeded', secret: 's' });
    const dispatch = createRouter(handlers({ 'sync.now': () => Promise.reject(error) }), quiet);
    expect(await dispatch(localSender, 'sync.now', {})).toEqual({
      ok: false,
      error: { code: 'refused', retryable: false, details: { serverMessage: 'quota exceeded' } },
    });
  });
});
