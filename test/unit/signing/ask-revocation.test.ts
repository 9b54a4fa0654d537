/** Validation that asks the network by way of the desk: what it asks, and what it makes of the answers. */
import { describe, expect, it } from 'vitest';
import type { ValidationData } from '../../../main/pki/index.ts';
import {
  answerWith,
  type RevocationAnswer,
  type RevocationQuestion,
  recordQuestions,
  reportAsking,
} from '../../../main/signing/ask-revocation.ts';
import type { SignatureReport, ValidationReport } from '../../../preload/model.ts';

const leaf = Uint8Array.of(1);
const other = Uint8Array.of(2);
const anchors = [Uint8Array.of(9)];
const dataOf = (code?: 'revoked'): ValidationData => ({
  ...{ certificates: [], ocsps: [], lists: [], standings: [] },
  problems: code ? [{ subject: 'CN=x', code }] : [],
});

/** A report of one signature; with answers, what they say of `leaf`. */
function reports(signature: Partial<SignatureReport>) {
  const made: (readonly RevocationAnswer[] | undefined)[] = [];
  const base = { chain: 'trusted', integrity: 'intact', cms: 'valid', revocation: 'unknown' };
  const report = async (answers?: readonly RevocationAnswer[]) => {
    made.push(answers);
    return { valid: true, sizeBytes: 1, signatures: [{ ...base, ...signature }] } as unknown as ValidationReport;
  };
  const questions: RevocationQuestion[] = [{ leaf, known: [other], at: 7 }];
  return { made, of: { report, questions: async () => questions } };
}

describe('the network is asked', () => {
  it('what the report would ask, once, and the report is made again with the answers', async () => {
    const { made, of } = reports({});
    const asked: unknown[] = [];
    await reportAsking(
      of,
      { anchors },
      {
        async collect(request) {
          asked.push(request);
          return dataOf('revoked');
        },
      },
    );
    expect(asked).toEqual([{ leaf, known: [other], anchors, at: 7 }]);
    expect(made).toEqual([undefined, [{ leaf, at: 7, data: dataOf('revoked') }]]);
  });

  it.each([
    ['is not trusted', { chain: 'untrusted' }],
    ['was altered', { integrity: 'altered' }],
    ['does not verify', { cms: 'invalid' }],
    ['is known to be good', { revocation: 'good' }],
    ['is known to be revoked', { revocation: 'revoked' }],
  ] as const)('nothing where the signature %s', async (_, signature) => {
    const { made, of } = reports(signature);
    const collect = () => Promise.reject(new Error('asked'));
    await reportAsking(of, { anchors }, { collect });
    expect(made).toEqual([undefined]);
  });
});

describe('questions', () => {
  it('are kept once each, by certificate and time', async () => {
    const { collector, questions } = recordQuestions();
    for (const at of [7, 7, 8]) await collector.collect({ leaf, known: [], anchors, at });
    await collector.collect({ leaf: other, known: [leaf], anchors, at: 7 });
    expect(questions.map(({ leaf: [first], at }) => [first, at])).toEqual([
      [1, 7],
      [1, 8],
      [2, 7],
    ]);
  });

  it('get their own answer, and none where there is none', async () => {
    const collector = answerWith([{ leaf, at: 7, data: dataOf() }]);
    expect(await collector.collect({ leaf, known: [], anchors, at: 7 })).toEqual(dataOf());
    for (const request of [
      { leaf, at: 8 },
      { leaf: other, at: 7 },
    ]) {
      const { problems } = await collector.collect({ ...request, known: [], anchors });
      expect(problems).toMatchObject([{ code: 'chain-incomplete' }]);
    }
  });
});
