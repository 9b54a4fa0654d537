/** docs/command-line.md and `countersign help` are true: each flag that is read is in one of them, each exit code in the page. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { flags } from '../../../main/cli/arguments.ts';
import { exitCodes } from '../../../main/cli/exit-codes.ts';
import { usage } from '../../../main/cli/usage.ts';

const page = readFileSync(fileURLToPath(new URL('../../../docs/command-line.md', import.meta.url)), 'utf8');
const named = (text: string) => new Set([...text.matchAll(/--([a-z][a-z0-9-]*)/g)].map(([, name = '']) => name));

describe('the command line', () => {
  it('has each of its flags in the page or in its help', () => {
    const told = new Set([...named(page), ...named(usage)]);
    expect(Object.keys(flags).filter((name) => name !== 'help' && !told.has(name))).toEqual([]);
  });

  it('is said to have no flag that it does not read', () => {
    expect([...named(page), ...named(usage)].filter((name) => !Object.hasOwn(flags, name))).toEqual([]);
  });

  it('ends with the codes the page lists', () => {
    const listed = [...page.matchAll(/^\| (\d) \| ([a-z-]+) \|/gm)].map(([, code, name = '']) => [name, Number(code)]);
    expect(Object.fromEntries(listed)).toEqual(exitCodes);
  });
});
