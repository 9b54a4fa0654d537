import { describe, expect, it } from 'vitest';
import {
  defaultSettings,
  formatSettings,
  mergeSettings,
  parseSettings,
  type Settings,
} from '../../../main/platform/settings.ts';

const full: Settings = {
  timestampAuthorities: ['http://tsa.example.com/', 'https://tsa.example.org/tsr'],
  proxyUrl: 'http://me:word@proxy.example.com:3128',
  caFile: '/etc/ca.pem',
  prefetchLimitBytes: 5,
  pkcs11Modules: ['/usr/lib/softhsm/libsofthsm2.so'],
  loginLifetimeMinutes: 15,
  trustAnchors: ['/etc/root.pem'],
  language: 'it',
  theme: 'contrast',
  compactList: true,
  notifications: false,
};

describe('reading stored settings', () => {
  it('gives the defaults where nothing was stored', () => {
    expect(parseSettings(undefined)).toEqual({ settings: defaultSettings, ignored: [] });
  });

  it('gives back what was written', () => {
    expect(parseSettings(formatSettings(full))).toEqual({ settings: full, ignored: [] });
  });

  it.each([
    ['not JSON', '{"proxyUrl"'],
    ['not an object', '[1]'],
    ['null', 'null'],
  ])('starts with the defaults when what is stored is %s', (_name, json) => {
    expect(parseSettings(json)).toEqual({ settings: defaultSettings, ignored: ['*'] });
  });

  it('replaces only what makes no sense, and says which', () => {
    const json = JSON.stringify({ ...full, prefetchLimitBytes: 'much', proxyUrl: 'ftp://x', later: 1 });
    const { settings, ignored } = parseSettings(json);
    const { proxyUrl: _, ...rest } = full;
    expect(settings).toEqual({ ...rest, prefetchLimitBytes: defaultSettings.prefetchLimitBytes });
    expect([...ignored].sort()).toEqual(['prefetchLimitBytes', 'proxyUrl']);
  });
});

describe('changing settings', () => {
  it('sets what is named, takes away what is null, leaves the rest', () => {
    const changed = mergeSettings(full, { prefetchLimitBytes: 0, proxyUrl: null });
    const { proxyUrl: _, ...rest } = full;
    expect(changed).toEqual({ ok: true, settings: { ...rest, prefetchLimitBytes: 0 } });
  });

  it.each([
    [{ timestampAuthorities: ['ldap://x'] }, ['timestampAuthorities']],
    [{ timestampAuthorities: ['https://me:word@tsa.example.com/'] }, ['timestampAuthorities']],
    [{ prefetchLimitBytes: -1, caFile: '' }, ['prefetchLimitBytes', 'caFile']],
    [{ prefetchLimitBytes: null }, ['prefetchLimitBytes']],
    [{ language: 'tlh', theme: 'pink', compactList: null }, ['language', 'theme', 'compactList']],
    [{ colour: 'red' }, ['colour']],
    ['text', ['*']],
  ])('refuses %j as a whole, naming what is wrong', (change, refused) => {
    const result = mergeSettings(full, change);
    expect(result.ok).toBe(false);
    expect(result.ok ? [] : [...result.refused].sort()).toEqual([...refused].sort());
  });
});
