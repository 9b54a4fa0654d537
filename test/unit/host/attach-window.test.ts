import { describe, expect, it, vi } from 'vitest';
import { answerCall, isOwnFrame, WINDOW_ORIGIN } from '../../../main/host/attach-window.ts';
import { createRouter, type Handlers } from '../../../main/ipc/router.ts';
import { parseWire, toWire } from '../../../preload/wire.ts';

const main = { url: () => `${WINDOW_ORIGIN}/`, parentFrame: () => null };
const frameAt = (url: string) => ({ url: () => url, parentFrame: () => null });
const inner = { url: () => `${WINDOW_ORIGIN}/`, parentFrame: () => main as never };

describe('who may call over the binding', () => {
  it('knows its own main frame', () => {
    expect(isOwnFrame(main)).toBe(true);
  });

  it.each([
    ['a frame inside it', inner],
    ['another site', frameAt('https://evil.example/')],
    ['a host that begins alike', frameAt(`${WINDOW_ORIGIN}.evil.example/`)],
    ['another port', frameAt(`${WINDOW_ORIGIN}:8443/`)],
    ['the same host without TLS', frameAt('http://countersign.localhost/')],
    ['a name with the origin as user', frameAt(`${WINDOW_ORIGIN}@evil.example/`)],
    ['a blank page', frameAt('about:blank')],
    ['a data page', frameAt('data:text/html,x')],
    ['no address', frameAt('')],
  ])('refuses %s, and the desk hears nothing of it', async (_name, frame) => {
    const onCall = vi.fn();
    const answer = parseWire(await answerCall(frame, toWire({ name: 'app.info', input: {} }), onCall));
    expect(answer).toMatchObject({ ok: false, error: { code: 'forbidden-sender' } });
    expect(onCall).not.toHaveBeenCalled();
  });
});

describe('a call over the binding', () => {
  it('names no path of the disk: no preload stands before this page', async () => {
    const dropped = vi.fn(async () => ({ files: [] }));
    const desk = createRouter({ 'files.dropped': dropped } as unknown as Handlers, () => undefined);
    const text = toWire({ name: 'files.dropped', input: { paths: ['/etc/passwd'] } });
    expect(parseWire(await answerCall(main, text, desk))).toMatchObject({ error: { code: 'forbidden-sender' } });
    expect(dropped).not.toHaveBeenCalled();
  });

  it('reaches the desk with its bytes, and the answer comes back with its own', async () => {
    const onCall = vi.fn(async () => ({ ok: true, value: new Uint8Array([3, 4]) }));
    const input = { sealed: new Uint8Array([1, 2]) };
    const answer = parseWire(await answerCall(main, toWire({ name: 'signing.start', input }), onCall));
    expect(answer).toEqual({ ok: true, value: new Uint8Array([3, 4]) });
    expect(onCall).toHaveBeenCalledWith({ origin: WINDOW_ORIGIN, isMainFrame: true }, 'signing.start', input);
  });

  it.each([
    ['no text', 7],
    ['half a JSON', '{"name":'],
    ['no object', '"x"'],
    ['null', 'null'],
    ['no name', '{"input":{}}'],
    ['a name that is no text', '{"name":1,"input":{}}'],
    ['broken base64', '{"name":"app.info","input":{"$bytes":"*"}}'],
  ])('with %s is bad input', async (_name, text) => {
    const onCall = vi.fn();
    expect(parseWire(await answerCall(main, text, onCall))).toMatchObject({ error: { code: 'bad-input' } });
    expect(onCall).not.toHaveBeenCalled();
  });

  it('tells nothing of an exception but that there was one', async () => {
    const answer = await answerCall(main, toWire({ name: 'app.info', input: {} }), async () => {
      throw new Error('secret path');
    });
    expect(parseWire(answer)).toEqual({ ok: false, error: { code: 'internal', retryable: false, details: {} } });
  });
});
