import { describe, expect, it } from 'vitest';
import { makeDiagnostics, redact } from '../../../main/ipc/diagnostics.ts';
import type { Rooms } from '../../../main/ipc/rooms.ts';

const secrets = [
  'marta.kalnina@example.com',
  'p4ssw0rd',
  'eyJhbGciOiJSUzI1NiJ9eyJzdWIiOiIxMjM0NTY3ODkwIn0abcdefgh',
  'https://signing.example/api/dst/77',
  '/home/marta/Deeds',
  'Deed of gift',
  'Marta Kalniņa',
];
const [mail, password, token, address, folder] = secrets;

const rooms = {
  info: { version: '1', host: 'electron', secretStore: 'system', profile: folder, missing: ['PC/SC'] },
  clock: { now: () => 0 },
  settings: {
    get: () => ({
      timestampAuthorities: [address],
      proxyUrl: `http://marta:${password}@proxy.example:3128`,
      caFile: `${folder}/ca.pem`,
      prefetchLimitBytes: 1,
      pkcs11Modules: [`${folder}/module.so`],
      trustAnchors: [],
      compactList: false,
      notifications: true,
    }),
  },
  store: {
    inbox: async () => ({ items: [], counts: { 'to-do': 3 } }),
    outbox: async () => [{ kind: 'signature', state: 'parked', code: 'replaced', title: 'Deed of gift' }],
    accounts: async () => [
      { provider: 'signing-today', state: 'signed-in', userName: 'Marta Kalniņa', baseUrl: address },
    ],
  },
  sync: { status: async () => ({ online: true, paused: false, waiting: 1, needsAttention: 1, lastSyncAt: 5 }) },
  signing: { jobs: async () => [{ state: 'queued', title: 'Deed of gift' }] },
  logTail: async () =>
    [
      `{"msg":"failed","where":"${address}","who":"${mail}"}`,
      `{"msg":"proxy http://marta:${password}@proxy.example"}`,
      `{"msg":"token ${token}"}`,
      `{"msg":"at ${folder}/x.pdf"}`,
    ].join('\n'),
} as unknown as Rooms;

describe('diagnostics', () => {
  it('hold counts, states and versions', async () => {
    expect(JSON.parse(await makeDiagnostics(rooms))).toMatchObject({
      app: { version: '1', host: 'electron', missing: ['PC/SC'] },
      accounts: { 'signing-today, signed-in': 1 },
      inbox: { 'to-do': 3 },
      outbox: { 'signature, parked, replaced': 1 },
      jobs: { queued: 1 },
      settings: { proxy: true, caFile: true, timestampAuthorities: 1 },
      log: expect.arrayContaining([expect.stringContaining('failed')]),
    });
  });

  it.each(secrets)('do not hold %j', async (secret) => {
    expect(await makeDiagnostics(rooms)).not.toContain(secret);
  });

  it('leave plain words of the log alone', () => {
    expect(redact('{"msg":"module-crashed","where":"token-host"}')).toBe(
      '{"msg":"module-crashed","where":"token-host"}',
    );
  });
});
