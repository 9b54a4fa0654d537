import { describe, expect, it, vi } from 'vitest';
import { BINDING, parseWire, toWire, WIRE_EVENT } from '../../../preload/wire.ts';
import { ask, findBridge, wireBridge } from '../../../renderer/bridge.ts';

describe('the bridge of a window', () => {
  it('is the preload’s where there is one', () => {
    const given = { call: vi.fn(), on: vi.fn() };
    expect(findBridge({ countersign: given, [BINDING]: vi.fn() })).toBe(given);
  });

  it('is made over the binding where there is no preload', async () => {
    const binding = vi.fn(async (text: string) => toWire({ ok: true, value: [parseWire(text)] }));
    const scope = Object.assign(new EventTarget(), { [BINDING]: binding });
    const bridge = findBridge(scope);
    expect(await bridge?.call('accounts.list', {})).toEqual({
      ok: true,
      value: [{ name: 'accounts.list', input: {} }],
    });
  });

  it('is missing on a page that no host has attached', () => {
    expect(findBridge({})).toBeUndefined();
    expect(findBridge({ [BINDING]: 'text' })).toBeUndefined();
  });
});

describe('events over the binding', () => {
  const say = (target: EventTarget, detail: unknown) => target.dispatchEvent(new CustomEvent(WIRE_EVENT, { detail }));

  it('reach who listens for them, until they stop', () => {
    const target = new EventTarget();
    const bridge = wireBridge(vi.fn(), target);
    const heard = vi.fn();
    const off = bridge.on('inbox.changed', heard);
    say(target, toWire({ event: 'inbox.changed', payload: { transactionIds: ['a'] } }));
    say(target, toWire({ event: 'sync.changed', payload: { online: true, waiting: 0 } }));
    say(target, 7);
    off();
    say(target, toWire({ event: 'inbox.changed', payload: { transactionIds: ['b'] } }));
    expect(heard.mock.calls).toEqual([[{ transactionIds: ['a'] }]]);
  });
});

describe('asking the desk', () => {
  const bridge = (call: () => Promise<unknown>) => ({ call: call as never, on: () => () => undefined });

  it('gives the value', async () => {
    expect(
      await ask(
        bridge(async () => ({ ok: true, value: [] })),
        'accounts.list',
        {},
      ),
    ).toEqual([]);
  });

  it('throws the code the desk answered with', async () => {
    const error = { code: 'offline', retryable: true, details: { serverMessage: 'x' } };
    await expect(
      ask(
        bridge(async () => ({ ok: false, error })),
        'sync.now',
        {},
      ),
    ).rejects.toMatchObject(error);
  });

  it('says that the desk is gone where it does not answer', async () => {
    const gone = bridge(() => Promise.reject(new Error('pipe closed')));
    await expect(ask(gone, 'sync.now', {})).rejects.toMatchObject({ code: 'desk-closed', retryable: true });
  });
});
