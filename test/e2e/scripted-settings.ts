/** The scripted desk's settings, timestamp authorities and marks. */
import { randomUUID } from 'node:crypto';
import { type CallOutput, calls, type EventName, type EventPayload } from '../../preload/contract.ts';
import type { SignatureMark } from '../../preload/model.ts';
import type { Handlers } from './scripted-desk.ts';

type Settings = CallOutput<'settings.get'>;
type Emit = <N extends EventName>(name: N, payload: EventPayload<N>) => void;

export function scriptedSettings(given: Partial<Settings>, emit: Emit, refusal: (code: string) => Error) {
  let settings: CallOutput<'settings.get'> = {
    timestampAuthorities: [],
    prefetchLimitBytes: 32 * 1024 * 1024,
    pkcs11Modules: [],
    loginLifetimeMinutes: 0,
    trustAnchors: [],
    compactList: false,
    notifications: true,
    ...given,
  };
  const marks: (SignatureMark & { image: Uint8Array })[] = [];
  function markOf(id: string) {
    const mark = marks.find((each) => each.id === id);
    if (!mark) throw refusal('not-found');
    return mark;
  }
  const access = new Map<string, CallOutput<'authorities.list'>[number]>();
  const handlers: Handlers = {
    'settings.get': () => settings,
    'settings.change': (change) => {
      const kept = Object.entries({ ...settings, ...change }).filter(([, value]) => value !== null);
      settings = calls['settings.get'].output.parse(Object.fromEntries(kept));
      emit('settings.changed', settings);
      return settings;
    },
    'authorities.list': () => settings.timestampAuthorities.map((url) => access.get(url) ?? { url, access: 'none' }),
    'authorities.setPassword': ({ url, user }) => {
      access.set(url, { url, access: 'password', user });
      return {};
    },
    'authorities.setCertificate': ({ url, fileName, passphrase }) => {
      if (passphrase !== 'right') throw refusal('passphrase-incorrect');
      access.set(url, { url, access: 'certificate', fileName });
      return {};
    },
    'authorities.clear': ({ url }) => {
      access.delete(url);
      return {};
    },
    'settings.chooseCaFile': () => {
      settings = { ...settings, caFile: '/etc/ssl/office-network.pem' };
      return { caFile: '/etc/ssl/office-network.pem' };
    },
    'marks.list': () => marks.map(({ image: _, ...mark }) => mark),
    'marks.image': ({ markId }) => markOf(markId).image,
    'marks.add': ({ kind, label, image }) => {
      const size = { width: 320, height: 120 };
      const mark = { id: randomUUID(), kind, label, ...size, createdAt: Date.now(), preferred: marks.length === 0 };
      marks.push({ ...mark, image });
      return mark;
    },
    'marks.remove': ({ markId }) => {
      marks.splice(marks.indexOf(markOf(markId)), 1);
      return {};
    },
    'marks.prefer': ({ markId }) => {
      for (const mark of marks) mark.preferred = mark.id === markId;
      return {};
    },
  };
  return { handlers, current: () => settings };
}
