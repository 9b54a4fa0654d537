/**
 * The walls between the rooms (docs/adr/0002-rooms-and-walls.md). Each room names what it may import besides itself; anything
 * else of ours is a wall. test/unit/walls plants a forbidden import behind every wall and sees the check fail.
 */
import type { IConfiguration, IRegularForbiddenRuleType } from 'dependency-cruiser';

/** A room's folder or file, and the rooms, faces and ports it may import. Paths are prefixes of project paths. */
export const rooms: Readonly<Record<string, readonly string[]>> = {
  'native/': [],
  'preload/': [],
  'renderer/': [
    'preload/contract.ts',
    'preload/model.ts',
    'preload/plain.ts',
    'preload/wire.ts',
    'preload/seal-pin.ts',
  ],
  'main/platform/': ['native/p12-file.ts'],
  'main/pdf/': ['preload/model.ts'],
  'main/pades/': ['main/pdf/', 'native/token-port.ts', 'preload/model.ts'],
  'main/pki/': ['main/platform/'],
  'main/validation/': ['main/pades/', 'main/pki/', 'preload/model.ts'],
  'main/inbox/': ['main/providers/provider.ts', 'main/store/store.ts', 'main/platform/', 'preload/model.ts'],
  'main/store/': ['main/platform/', 'main/inbox/', 'main/host/host.ts', 'preload/model.ts'],
  'main/providers/': ['main/platform/', 'main/store/store.ts', 'preload/model.ts'],
  'main/tokens/': [
    'native/token-port.ts',
    'native/client.ts',
    'native/pcsc-port.ts',
    'native/pcsc-client.ts',
    'main/pki/',
    'main/providers/provider.ts',
    'main/platform/',
    'preload/model.ts',
  ],
  'main/sync/': [
    'main/providers/provider.ts',
    'main/store/store.ts',
    'main/inbox/',
    'main/platform/',
    'preload/model.ts',
  ],
  'main/signing/': [
    'main/pades/',
    'main/pki/',
    'main/tokens/',
    'main/store/',
    'main/validation/',
    'main/inbox/',
    'main/providers/provider.ts',
    'main/platform/',
    'native/token-port.ts',
    'preload/model.ts',
    'preload/plain.ts',
  ],
  'main/files/': [
    'main/signing/',
    'main/validation/',
    'main/pki/',
    'main/tokens/',
    'main/store/store.ts',
    'main/platform/',
    'preload/model.ts',
  ],
  'main/exporting/': ['main/store/store.ts', 'main/platform/', 'preload/model.ts'],
  'main/devices/': ['main/providers/provider.ts', 'main/store/store.ts', 'main/platform/', 'preload/model.ts'],
  'main/updates/': ['main/platform/'],
  'main/practice/': [],
  'main/host/': ['main/platform/', 'native/token-port.ts', 'native/start-child.ts', 'preload/'],
  'main/ipc/': [
    'main/inbox/',
    'main/signing/',
    'main/files/',
    'main/exporting/',
    'main/sync/',
    'main/validation/',
    'main/tokens/',
    'main/devices/',
    'main/updates/',
    'main/practice/',
    'main/store/store.ts',
    'main/providers/provider.ts',
    'main/providers/sign-ins.ts',
    'main/host/host.ts',
    'main/platform/',
    'preload/',
  ],
};

const quoted = (path: string) => path.replaceAll('.', '\\.');
type From = IRegularForbiddenRuleType['from'];
type To = IRegularForbiddenRuleType['to'];
const wall = (name: string, from: From, to: To): IRegularForbiddenRuleType => ({ name, severity: 'error', from, to });
const OURS = '^(main|native|preload|renderer|test|scripts)/';

const roomWalls: IRegularForbiddenRuleType[] = Object.entries(rooms).map(([room, allowed]) => ({
  name: `wall of ${room}`,
  severity: 'error',
  from: { path: `^${quoted(room)}` },
  to: { path: OURS, pathNot: [`^${quoted(room)}`, ...allowed.map((path) => `^${quoted(path)}`)] },
}));

/** Packages that only some files may import. */
const packages = [
  {
    name: 'electron only in its adapter',
    path: '^(node_modules/)?electron(/|$)',
    only: [
      '^main/electron\\.ts$',
      '^main/host/electron-host\\.ts$',
      '^preload/preload\\.ts$',
      '^scripts/start\\.mjs$',
      '^test/',
    ],
  },
  {
    name: 'PKCS#11, PC/SC and PKCS#12 only in native',
    path: 'node_modules/(pkcs11js|smartcard|koffi|node-forge)/',
    only: ['^native/', '^test/'],
  },
  { name: 'the database only in the store', path: 'node_modules/better-sqlite3', only: ['^main/store/', '^test/'] },
  {
    name: 'playwright only in the window driver',
    path: 'node_modules/(playwright|playwright-core|@playwright)',
    only: ['^main/host/', '^test/'],
  },
];

const purity: IRegularForbiddenRuleType[] = ['main/pdf/', 'main/pades/'].map((room) => ({
  name: `${room} knows no disk, network or clock`,
  severity: 'error',
  from: { path: `^${room}` },
  to: { dependencyTypes: ['core'], pathNot: '^(node:)?(crypto|zlib|buffer|util)$' },
}));

const forbidden: IRegularForbiddenRuleType[] = [
  ...roomWalls,
  ...purity,
  ...packages.map(({ name, path, only }) => wall(name, { pathNot: only }, { path })),
  wall(
    'only desk.ts and the ways in wire rooms',
    { path: '^main/', pathNot: ['^main/[^/]+\\.ts$', '^main/cli/', '^main/ipc/'] },
    { path: ['^main/[^/]+\\.ts$', '^main/cli/', '^main/ipc/'] },
  ),
  wall(
    'nothing of the product imports tests',
    { path: '^(main|native|preload|renderer)/' },
    { path: '^(test|scripts)/' },
  ),
  wall(
    'providers know nothing of each other',
    { path: '^main/providers/([^/]+)/' },
    { path: '^main/providers/[^/]+/', pathNot: '^main/providers/$1/' },
  ),
  wall(
    'the window takes types of contract and model, not their schemas',
    { path: '^renderer/' },
    { path: '^preload/(contract|model)\\.ts$', dependencyTypesNot: ['type-only'] },
  ),
  wall('no cycles', {}, { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } }),
  // What is taken by its address alone (`?url`) is no module; the build fails where it is not there.
  wall('no import that leads nowhere', {}, { couldNotResolve: true, pathNot: '\\?url$' }),
];

export const walls = {
  forbidden,
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(out|dist)/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'],
    },
  },
} satisfies IConfiguration;
