import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, posix, win32 } from 'node:path';
import { describe, expect, it } from 'vitest';
import { moduleTable } from '../../../main/tokens/known-module-table.ts';
import { findModules, knownModulePaths } from '../../../main/tokens/known-modules.ts';

const among = (files: Readonly<Record<string, string>>) => (path: string) => files[path];
const itself = (...paths: string[]) => among(Object.fromEntries(paths.map((path) => [path, path])));

describe('known modules', () => {
  it('are those that exist, generic ones last', () => {
    const resolveFile = itself(
      '/usr/lib/softhsm/libsofthsm2.so',
      '/usr/lib64/opensc-pkcs11.so',
      '/usr/lib/libeTPkcs11.so',
    );
    expect(knownModulePaths({ platform: 'linux', resolveFile })).toEqual([
      '/usr/lib/libeTPkcs11.so',
      '/usr/lib64/opensc-pkcs11.so',
      '/usr/lib/softhsm/libsofthsm2.so',
    ]);
  });

  it('are none where none is installed', () => {
    expect(knownModulePaths({ platform: 'linux', resolveFile: () => undefined })).toEqual([]);
  });

  it('name a file once that several paths lead to', () => {
    const resolveFile = among({
      '/usr/lib/x86_64-linux-gnu/libbeidpkcs11.so.0': '/usr/lib/libbeidpkcs11.so.0.0.0',
      '/usr/lib/libbeidpkcs11.so': '/usr/lib/libbeidpkcs11.so.0.0.0',
      '/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so': '/usr/lib/pkcs11/opensc-pkcs11.so',
      '/usr/lib/pkcs11/opensc-pkcs11.so': '/usr/lib/pkcs11/opensc-pkcs11.so',
    });
    expect(knownModulePaths({ platform: 'linux', resolveFile })).toEqual([
      '/usr/lib/x86_64-linux-gnu/libbeidpkcs11.so.0',
      '/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so',
    ]);
  });

  it('come after those the user added, which stay though they are missing', () => {
    const resolveFile = itself('/opt/own.so', '/usr/lib/opensc-pkcs11.so');
    const extraPaths = ['/opt/gone.so', '/opt/own.so', '/usr/lib/opensc-pkcs11.so'];
    expect(knownModulePaths({ platform: 'linux', extraPaths, resolveFile })).toEqual(extraPaths);
  });

  it.each([
    ['darwin', '/Library/OpenSC/lib/opensc-pkcs11.so'],
    ['win32', 'C:\\Program Files\\OpenSC Project\\OpenSC\\pkcs11\\opensc-pkcs11.dll'],
    ['win32', 'C:\\Windows\\System32\\bit4xpki.dll'],
    ['linux', '/usr/lib/aarch64-linux-gnu/pkcs11/opensc-pkcs11.so'],
  ] as const)('are found on %s at %s', (platform, path) => {
    expect(knownModulePaths({ platform, resolveFile: itself(path) })).toEqual([path]);
  });

  it('are asked first where the card in a reader is one of theirs, and none is left out', () => {
    const resolveFile = itself('/usr/lib/libeTPkcs11.so', '/usr/lib/libykcs11.so', '/usr/lib/opensc-pkcs11.so');
    const inOrder = (atrs: string[]) => knownModulePaths({ platform: 'linux', resolveFile, atrs, registeredPaths: [] });
    expect(inOrder([])).toEqual(['/usr/lib/libeTPkcs11.so', '/usr/lib/libykcs11.so', '/usr/lib/opensc-pkcs11.so']);
    const yubiKey = '3bf81300008131fe15597562696b657934d4';
    expect(inOrder([yubiKey])).toEqual([
      '/usr/lib/libykcs11.so',
      '/usr/lib/opensc-pkcs11.so',
      '/usr/lib/libeTPkcs11.so',
    ]);
  });

  it('are followed by those registered with p11-kit, each file once and said where it is from', () => {
    const resolveFile = among({
      '/usr/lib/opensc-pkcs11.so': '/usr/lib/opensc-pkcs11.so',
      '/usr/lib/pkcs11/opensc-pkcs11.so': '/usr/lib/opensc-pkcs11.so',
      '/usr/lib/pkcs11/tpm2.so': '/usr/lib/pkcs11/tpm2.so',
    });
    const registeredPaths = ['/usr/lib/pkcs11/opensc-pkcs11.so', '/usr/lib/pkcs11/tpm2.so'];
    expect(findModules({ platform: 'linux', extraPaths: ['/opt/own.so'], resolveFile, registeredPaths })).toEqual([
      { path: '/opt/own.so', source: 'user', vendor: undefined },
      { path: '/usr/lib/opensc-pkcs11.so', source: 'vendor', vendor: 'OpenSC' },
      { path: '/usr/lib/pkcs11/tpm2.so', source: 'p11-kit', vendor: undefined },
    ]);
  });

  it.each([
    ['where the modules behind it are listed themselves', ['/usr/lib/pkcs11/tpm2.so'], []],
    ['but not where none is known', [], ['/usr/lib/p11-kit-proxy.so']],
  ])('leave out p11-kit’s proxy %s', (_, registeredPaths, listed) => {
    const resolveFile = among({
      '/usr/lib/p11-kit-proxy.so': '/usr/lib/libp11-kit.so.0.3.0',
      '/usr/lib/pkcs11/tpm2.so': '/usr/lib/pkcs11/tpm2.so',
    });
    const extraPaths = ['/usr/lib/p11-kit-proxy.so'];
    const paths = knownModulePaths({ platform: 'linux', extraPaths, resolveFile, registeredPaths });
    expect(paths.filter((path) => path.includes('p11-kit'))).toEqual(listed);
  });

  it('follow links on the real disk and take no folder for a module', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'countersign-known-'));
    try {
      const file = join(folder, 'module.so');
      const link = join(folder, 'link.so');
      await writeFile(file, '');
      await symlink(file, link);
      const paths = knownModulePaths({ extraPaths: [link, file] });
      expect(paths.filter((path) => path.startsWith(folder))).toEqual([link]);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('are absolute, whatever exists', () => {
    const linux = knownModulePaths({ platform: 'linux', resolveFile: (path) => path });
    const windows = knownModulePaths({ platform: 'win32', resolveFile: (path) => path });
    expect(linux.length).toBeGreaterThan(20);
    expect(windows.length).toBeGreaterThan(20);
    expect(linux.filter((path) => !posix.isAbsolute(path))).toEqual([]);
    expect(windows.filter((path) => !win32.isAbsolute(path))).toEqual([]);
  });

  it('are each in the table once', () => {
    for (const system of ['linux', 'macos', 'windows'] as const) {
      const names = moduleTable.flatMap((files) => files[system] ?? []);
      expect(new Set(names).size).toBe(names.length);
    }
    expect(new Set(moduleTable.map(({ vendor }) => vendor)).size).toBe(moduleTable.length);
  });
});
