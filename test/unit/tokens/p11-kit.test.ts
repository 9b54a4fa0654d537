import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isP11KitProxy, moduleOf, p11KitModulePaths, parseModuleFile } from '../../../main/tokens/p11-kit.ts';

describe('a module file of p11-kit', () => {
  it.each([
    ['module: opensc-pkcs11.so\n', 'opensc-pkcs11.so'],
    ['# a comment\nmodule:/opt/a b.so  \r\npriority: 1\r\n', '/opt/a b.so'],
    ['module: a.so\nmodule: b.so\n', 'a.so'],
    ['module:\n', undefined],
    ['', undefined],
    ['priority: 3\n', undefined],
    ['module: a.so\ndisable-in: firefox, chromium\n', 'a.so'],
    ['module: a.so\ndisable-in: firefox countersign\n', undefined],
    ['module: a.so\nenable-in: p11-kit-proxy\n', undefined],
    ['module: a.so\nenable-in: firefox countersign\n', 'a.so'],
    ['module: p11-kit-trust.so\ntrust-policy: yes\n', undefined],
    ['module: p11-kit-client.so\nremote: |ssh host\n', undefined],
  ])('%j names %s', (text, module) => {
    expect(moduleOf(parseModuleFile(text))).toBe(module);
  });

  it('is read without trouble, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const file = parseModuleFile(text);
        expect([...file.values()].every((value) => value !== '' && !value.includes('\n'))).toBe(true);
      }),
      { seed: 20, numRuns: 300 },
    );
  });
});

describe('modules registered with p11-kit', () => {
  let folder: string;
  const at = (...parts: string[]) => join(folder, ...parts);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'countersign-p11-kit-'));
    await mkdir(at('system'));
    await mkdir(at('person'));
    await writeFile(at('system', 'a.module'), 'module: a.so\n');
    await writeFile(at('system', 'b.module'), 'module: b.so\npriority: 5\n');
    await writeFile(at('system', 'off.module'), 'module: off.so\n');
    await writeFile(at('person', 'off.module'), 'disable-in: countersign\n');
    await writeFile(at('person', 'own.module'), 'module: /opt/own.so\n');
    await writeFile(at('person', 'gone.module'), 'module: /opt/gone.so\n');
    await writeFile(at('person', 'notes.txt'), 'module: /opt/notes.so\n');
    await writeFile(at('person', '.hidden.module'), 'module: /opt/hidden.so\n');
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('are those that exist, by priority, with the more important folder having the say', () => {
    const paths = p11KitModulePaths({
      folders: [at('person'), at('system'), at('nowhere')],
      moduleFolders: ['/one', '/two'],
      resolveFile: (path) =>
        ['/two/a.so', '/one/b.so', '/one/off.so', '/opt/own.so'].includes(path) ? path : undefined,
    });
    expect(paths).toEqual(['/one/b.so', '/opt/own.so', '/two/a.so']);
  });
});

describe('the proxy of p11-kit', () => {
  it.each([
    ['/usr/lib/x86_64-linux-gnu/p11-kit-proxy.so', true],
    ['/usr/lib/x86_64-linux-gnu/libp11-kit.so.0.3.0', true],
    ['/opt/homebrew/lib/libp11-kit.0.dylib', true],
    ['/usr/lib/pkcs11/p11-kit-client.so', false],
    ['/usr/lib/opensc-pkcs11.so', false],
  ])('%s: %s', (path, isProxy) => {
    expect(isP11KitProxy(path)).toBe(isProxy);
  });
});
