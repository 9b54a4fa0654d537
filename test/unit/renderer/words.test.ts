import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { calls, commonErrorCodes, progressCodes } from '../../../preload/contract.ts';
import {
  inboxView,
  jobStateKind,
  outboxKind,
  outboxView,
  signatureRequest,
  signingIdentity,
  syncState,
  transactionStatus,
} from '../../../preload/model.ts';
import { languages } from '../../../renderer/i18n/languages.ts';
import { errorKey } from '../../../renderer/ui/error-key.ts';
import { readWords } from './read-words.ts';

const root = fileURLToPath(new URL('../../../renderer/', import.meta.url));
const english = readWords('en');

function flatten(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'string') return [[path, value]];
  return Object.entries(value as object).flatMap(([key, each]) => flatten(each, path === '' ? key : `${path}.${key}`));
}
const texts = new Map(flatten(english));
const has = (key: string) => texts.has(key) || texts.has(`${key}_other`);

const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name))
  .map((name) => ({ name, text: readFileSync(`${root}${name}`, 'utf8') }));

/** Keys written out in full where a text is asked for. */
const used = sources.flatMap(({ text }) => [...text.matchAll(/\bt\(\s*'([^']+)'/g)].map((match) => match[1] ?? ''));
/** Keys made of a prefix and a value: `t(\`status.${…}\`)`. */
const prefixes = sources.flatMap(({ text }) =>
  [...text.matchAll(/\bt\(\s*`([^$`]+)\$\{/g)].map((match) => match[1] ?? ''),
);
const chosen = sources.flatMap(({ text }) =>
  [...text.matchAll(/'([a-z][A-Za-z]*(?:\.[A-Za-z-]+)+)'/g)].map((match) => match[1] ?? ''),
);

describe('the window’s words', () => {
  it('are there for every key that is asked for', () => {
    expect(used.length).toBeGreaterThan(100);
    expect(used.filter((key) => !has(key))).toEqual([]);
  });

  it('are all asked for by somebody', () => {
    const wanted = new Set([...used, ...chosen]);
    const asked = (key: string) =>
      wanted.has(key) || key.startsWith('error.') || prefixes.some((prefix) => prefix !== '' && key.startsWith(prefix));
    const plain = [...texts.keys()].map((key) => key.replace(/_(zero|one|other)$/, ''));
    expect(plain.filter((key) => !asked(key))).toEqual([]);
  });

  it.each([
    ['status', transactionStatus.options],
    ['syncState', syncState.options],
    ['view', inboxView.options],
    ['empty', inboxView.options],
    ['jobState', jobStateKind.options],
    ['requestState', signatureRequest.shape.state.options],
    ['outboxKind', [...outboxKind.options, 'unreadable']],
    ['outboxState', outboxView.shape.state.options],
    ['disabledReason', signingIdentity.shape.disabledReason.unwrap().options],
  ])('name every %s', (group, values) => {
    expect(values.filter((value) => !has(`${group}.${value}`))).toEqual([]);
  });

  const declared = new Set([
    ...commonErrorCodes,
    ...progressCodes,
    ...Object.values(calls).flatMap(({ errors }) => [...errors]),
  ]);
  it.each([...declared])('say of the error %s what happened and what to do next', (code) => {
    expect(errorKey(code, has)).toBe(`error.${code}`);
  });

  it('say what happened and what to do next of every error they know', () => {
    const errors = english.error as Record<string, unknown>;
    for (const [code, words] of Object.entries(errors)) {
      expect(words, code).toEqual({ what: expect.any(String), next: expect.stringMatching(/[.…]$|https:\/\/$/) });
    }
  });

  it.each(['no-such-code', 'internal', '', 'a.b', '__proto__'])('fall back for the code %j', (code) => {
    expect(errorKey(code, (key) => texts.has(key))).toBe('error.internal');
  });

  it('have both numbers wherever they count', () => {
    const plural = [...texts.keys()].filter((key) => key.endsWith('_one'));
    expect(plural.length).toBeGreaterThan(5);
    expect(plural.filter((key) => !texts.has(key.replace(/_one$/, '_other')))).toEqual([]);
  });
});

const placeholders = (text: string) =>
  [...text.matchAll(/\{\{\s*([A-Za-z]+)\s*\}\}/g)].map((match) => match[1] ?? '').sort();

const others = languages.filter((language) => language !== 'en');

/** What is wrong with a language's words beside the English ones. */
function faults(own: ReadonlyMap<string, string>): string[] {
  const found: string[] = [];
  for (const [key, text] of texts) {
    const said = own.get(key);
    if (said === undefined) found.push(`missing: ${key}`);
    else if (said.trim() === '' && text.trim() !== '') found.push(`empty: ${key}`);
    else if (placeholders(said).join() !== placeholders(text).join()) found.push(`placeholders: ${key}`);
  }
  for (const key of own.keys()) if (!texts.has(key)) found.push(`extra: ${key}`);
  return found;
}

describe('the words of every language', () => {
  it.each(others)('%s says everything English says, with the same places to fill in, and no more', (language) => {
    expect(faults(new Map(flatten(readWords(language))))).toEqual([]);
  });

  it('are found wanting where a word is missing, left over, empty, or filled in otherwise', () => {
    const [first, second, third, fourth] = [...texts.keys()];
    const mutant = new Map(texts);
    mutant.delete(first ?? '');
    mutant.set(second ?? '', ' ');
    mutant.set(third ?? '', '{{surprise}}');
    mutant.set(`${fourth}.more`, 'x');
    expect(faults(mutant)).toEqual([
      `missing: ${first}`,
      `empty: ${second}`,
      `placeholders: ${third}`,
      `extra: ${fourth}.more`,
    ]);
  });
});
