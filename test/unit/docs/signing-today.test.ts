/** docs/signing-today.md is true: every operation is in its table, and what a row names is there. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const read = (path: string) => (existsSync(`${root}${path}`) ? readFileSync(`${root}${path}`, 'utf8') : '');

interface Row {
  readonly operation: string;
  readonly request: string;
  readonly method: string;
  readonly file: string;
  readonly sandbox: string;
  readonly test: string;
  readonly used: string;
}

const rows = read('docs/signing-today.md')
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .filter((cells) => /^(GET|POST|PUT|PATCH|DELETE) \//.test(cells[2] ?? ''))
  .map(([, operation = '', request = '', client = '', sandbox = '', test = '', used = '']): Row => {
    const [, method = '', file = ''] = /^`(\w+)` (\S+)$/.exec(client) ?? [];
    return { operation, request, method, file, sandbox, test, used };
  });

const usage = [
  'main/cli/usage.ts',
  'main/cli/st-dst.ts',
  'main/cli/st-files.ts',
  'main/cli/st-robot.ts',
  'main/cli/st-appearance.ts',
  'main/cli/st-admin.ts',
]
  .map(read)
  .join('\n');

describe('the table of operations', () => {
  it('has the 62, each once', () => {
    expect(rows).toHaveLength(62);
    expect(new Set(rows.map(({ operation }) => operation)).size).toBe(62);
    expect(new Set(rows.map(({ request }) => request)).size).toBe(62);
  });

  it.each(rows)('$operation: client method, sandbox and contract test are there', (row) => {
    const client = read(`main/providers/signing-today/${row.file}`);
    expect(client).toMatch(new RegExp(`^export (async function|function|const) ${row.method}\\b`, 'm'));
    const [method = '', path = ''] = row.request.split(' ');
    const said = client.includes(`${method} ${path}`);
    expect(said, `${row.file} says ${row.request}`).toBe(true);
    expect(read(`test/sandbox/signing-today/operations/${row.sandbox}`)).toContain(`'${row.operation}'`);
    expect(read(`test/contract/signing-today/operations/${row.test}`)).toContain(`async ${row.operation}(`);
    expect(row.used).not.toBe('');
  });

  it('names commands that there are', () => {
    const commands = rows
      .flatMap(({ used }) => [...used.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? ''))
      .filter((command) => !command.startsWith('--'));
    expect(commands.length).toBeGreaterThan(10);
    for (const command of new Set(commands)) {
      const [group = '', ...rest] = command.split(' ');
      const words = rest.length === 0 ? `\\b${group}\\b` : `\\b${group}\\b.*\\b${rest.at(-1)}\\b`;
      expect(new RegExp(words).test(usage), command).toBe(true);
    }
  });
});
