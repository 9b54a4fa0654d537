import { describe, expect, it } from 'vitest';
import { markLines } from '../../../main/signing/mark.ts';
import { issue } from '../pades/credentials.ts';

const at = Date.UTC(2026, 0, 31, 12, 5);
const { certificate } = issue({ kind: 'p-256', name: 'Anna', serial: 0x1a2b, now: at });
const facts = { name: 'Anna Ozola', at, reason: 'I agree', certificate };

describe('a mark’s lines', () => {
  it('are who, in which role, why, where and when, and nothing for what is not said', () => {
    expect(markLines({ ...facts, role: 'Notary', location: 'Rīga' })).toEqual([
      'Signed by Anna Ozola',
      'Notary',
      'I agree',
      'Rīga',
      '2026-01-31 12:05 UTC',
    ]);
    expect(markLines({ ...facts, reason: '' })).toEqual(['Signed by Anna Ozola', '2026-01-31 12:05 UTC']);
  });

  it.each([
    ['{name}\n{date}', ['Anna Ozola', '2026-01-31 12:05 UTC']],
    ['Certificate {serial}', ['Certificate 1a2b']],
    ['{role}\n{reason}', ['I agree']],
    ['Seen and approved', ['Seen and approved']],
    ['{unknown} {name}', ['{unknown} Anna Ozola']],
    ['', ['']],
  ])('come of the text %j', (template, lines) => {
    expect(markLines({ ...facts, template })).toEqual(lines);
  });

  it('take nothing of a value for a place of their own', () => {
    expect(markLines({ ...facts, reason: '{serial}', template: '{reason}' })).toEqual(['{serial}']);
  });
});
