import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkModuleFile, parseBinaryHeader } from '../../../native/module-file.ts';

function elf(machine: number, littleEndian = true): Uint8Array {
  const head = new Uint8Array(64);
  head.set([0x7f, 0x45, 0x4c, 0x46, 2, littleEndian ? 1 : 2, 1]);
  new DataView(head.buffer).setUint16(18, machine, littleEndian);
  return head;
}

function pe(machine: number, start = 0x80): Uint8Array {
  const head = new Uint8Array(512);
  head.set([0x4d, 0x5a]);
  const view = new DataView(head.buffer);
  view.setUint32(60, start, true);
  if (start + 6 <= head.length) {
    head.set([0x50, 0x45, 0, 0], start);
    view.setUint16(start + 4, machine, true);
  }
  return head;
}

function machO(cpu: number): Uint8Array {
  const head = new Uint8Array(32);
  const view = new DataView(head.buffer);
  view.setUint32(0, 0xfeedfacf, true);
  view.setUint32(4, cpu, true);
  return head;
}

function fat(...cpus: number[]): Uint8Array {
  const head = new Uint8Array(8 + 20 * Math.max(cpus.length, 1));
  const view = new DataView(head.buffer);
  view.setUint32(0, 0xcafebabe);
  view.setUint32(4, cpus.length);
  for (const [index, cpu] of cpus.entries()) view.setUint32(8 + 20 * index, cpu);
  return head;
}

describe('the header of a library', () => {
  it.each([
    ['ELF for x64', elf(62), 'elf', ['x64']],
    ['ELF for arm64', elf(183), 'elf', ['arm64']],
    ['ELF for ia32', elf(3), 'elf', ['ia32']],
    ['big-endian ELF', elf(21, false), 'elf', ['unknown']],
    ['PE for x64', pe(0x8664), 'pe', ['x64']],
    ['PE for ia32', pe(0x14c), 'pe', ['ia32']],
    ['PE for arm64', pe(0xaa64), 'pe', ['arm64']],
    ['Mach-O for arm64', machO(0x0100000c), 'mach-o', ['arm64']],
    ['fat Mach-O', fat(0x01000007, 0x0100000c), 'mach-o', ['x64', 'arm64']],
  ])('is read: %s', (_, head, format, architectures) => {
    expect(parseBinaryHeader(head)).toEqual({ format, architectures });
  });

  it.each([
    ['an empty file', new Uint8Array()],
    ['a cut ELF header', elf(62).subarray(0, 19)],
    ['text', new TextEncoder().encode('INPUT(AS_NEEDED(-lsomething)) and more')],
    ['a DOS program', pe(0x8664).fill(0, 0x80)],
    ['a PE header beyond the end', pe(0x8664, 0xfffffff0)],
    ['a fat file with nothing in it', fat()],
  ])('is none in %s', (_, head) => {
    expect(parseBinaryHeader(head)).toBeUndefined();
  });

  it('never reads past what is there', () => {
    const magic = fc.constantFrom(
      [0x7f, 0x45, 0x4c, 0x46],
      [0x4d, 0x5a],
      [0xca, 0xfe, 0xba, 0xbe],
      [0xcf, 0xfa, 0xed, 0xfe],
    );
    fc.assert(
      fc.property(magic, fc.uint8Array({ maxLength: 120 }), (start, rest) => {
        const facts = parseBinaryHeader(new Uint8Array([...start, ...rest]));
        expect(facts === undefined || facts.architectures.length > 0).toBe(true);
      }),
      { seed: 462, numRuns: 1000 },
    );
  });
});

describe('a module file', () => {
  let folder: string;
  const write = async (name: string, head: Uint8Array) => {
    const path = join(folder, name);
    await writeFile(path, head);
    return path;
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'countersign-module-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('passes where it fits the machine', async () => {
    await checkModuleFile(await write('fits.so', elf(62)), { platform: 'linux', arch: 'x64' });
    await checkModuleFile(await write('fat.dylib', fat(0x01000007, 0x0100000c)), { platform: 'darwin', arch: 'arm64' });
    await checkModuleFile(process.execPath);
  });

  it.each([
    ['another processor', elf(62), { platform: 'linux', arch: 'arm64' }],
    ['32 bits', elf(3), { platform: 'linux', arch: 'x64' }],
    ['another system', pe(0x8664), { platform: 'linux', arch: 'x64' }],
    ['neither of a fat file', fat(7, 18), { platform: 'darwin', arch: 'arm64' }],
  ] as const)('made for %s is said to be so', async (_, head, machine) => {
    const path = await write('wrong', head);
    await expect(checkModuleFile(path, machine)).rejects.toMatchObject({ code: 'module-wrong-architecture' });
  });

  it.each([
    ['a relative path', 'module.so', 'linux'],
    ['an empty path', '', 'linux'],
    ['a path with a zero in it', '/usr/lib/\0module.so', 'linux'],
    ['a path without its drive', 'module.dll', 'win32'],
  ] as const)('is not looked for by %s', async (_, path, platform) => {
    await expect(checkModuleFile(path, { platform, arch: 'x64' })).rejects.toMatchObject({ code: 'bad-request' });
  });

  it('is missing where it is missing, and no library where it is text', async () => {
    await expect(checkModuleFile(join(folder, 'nothing'))).rejects.toMatchObject({ code: 'module-missing' });
    const text = await write('text.so', await readFile(new URL(import.meta.url)));
    await expect(checkModuleFile(text)).rejects.toMatchObject({ code: 'module-failed' });
  });
});
