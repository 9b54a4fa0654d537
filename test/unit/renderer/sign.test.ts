import { describe, expect, it } from 'vitest';
import { fileState, type JobStateKind, type JobView, jobStateKind, type TokenView } from '../../../preload/model.ts';
import {
  canResume,
  fileRow,
  fileSteps,
  isCardGone,
  jobRow,
  standing,
  steps,
  tally,
  withRow,
} from '../../../renderer/features/sign/job-steps.ts';
import { pinLengthProblem, takePin, triesLeft } from '../../../renderer/features/sign/pin.ts';
import { declinableRequests, requestsToSign } from '../../../renderer/features/sign/requests.ts';

const job = (id: string, state: JobStateKind): JobView => ({
  id,
  batchId: 'b',
  transactionId: 't',
  documentId: 'd',
  signatureRequestId: 'r',
  title: 'T',
  state,
  timings: {},
});

describe('where a job stands', () => {
  it.each(jobStateKind.options)('%s is within the steps, and delivered only at their end', (state) => {
    const { done, outcome } = standing({ state });
    expect(done).toBeGreaterThanOrEqual(0);
    expect(done).toBeLessThanOrEqual(steps.length);
    expect(outcome === 'delivered').toBe(done === steps.length);
  });

  it('counts what is signed from the moment the card has signed', () => {
    const states: JobStateKind[] = [
      'prepared',
      'signed',
      'awaiting-timestamp',
      'queued',
      'delivered',
      'failed',
      'cancelled',
    ];
    const jobs = states.map((state, i) => job(String(i), state));
    expect(tally(jobs.map(jobRow))).toEqual({ total: 7, signed: 4, delivered: 1, failed: 1, open: 2 });
  });

  it('changes one job and adds none', () => {
    const rows = [job('1', 'prepared'), job('2', 'prepared')].map(jobRow);
    expect(withRow(rows, jobRow(job('2', 'signed'))).map(({ state }) => state)).toEqual(['prepared', 'signed']);
    expect(withRow(rows, jobRow(job('3', 'signed')))).toEqual(rows);
  });

  it.each(fileState.options)('a file that is %s is within its steps, and done only when it is saved', (state) => {
    const { done, outcome } = fileRow({ fileId: 'f', name: 'F', state });
    expect(done).toBeLessThanOrEqual(fileSteps.length);
    expect(outcome === 'delivered').toBe(done === fileSteps.length);
  });

  it('tells a card that is gone from one that refuses', () => {
    expect(isCardGone('token-absent')).toBe(true);
    expect(isCardGone('pin-incorrect')).toBe(false);
    expect(isCardGone(undefined)).toBe(false);
  });

  it('goes on with the same batch after a card that went in the middle of a command', () => {
    for (const code of ['token-removed', 'pin-incorrect', 'function-failed', 'device-error']) {
      expect(canResume(code)).toBe(true);
    }
    for (const code of ['certificate-revoked', 'cancelled', undefined]) expect(canResume(code)).toBe(false);
  });
});

const pin = (facts: Partial<TokenView['pin']>): TokenView['pin'] => ({
  protectedAuthenticationPath: false,
  countLow: false,
  finalTry: false,
  locked: false,
  minLength: 4,
  maxLength: 8,
  ...facts,
});

describe('the PIN', () => {
  it('leaves its field as it is taken', () => {
    const field = { value: '12ä4' };
    expect(takePin(field)).toEqual(new TextEncoder().encode('12ä4'));
    expect(field.value).toBe('');
  });

  it.each([
    [0, {}, 'empty'],
    [3, {}, 'short'],
    [4, {}, undefined],
    [8, {}, undefined],
    [9, {}, 'long'],
    [99, { maxLength: 0 }, undefined],
  ] as const)('of %d characters with %j is %s', (length, facts, problem) => {
    expect(pinLengthProblem(length, pin(facts))).toBe(problem);
  });

  it.each([
    [{}, 'all'],
    [{ countLow: true }, 'few'],
    [{ countLow: true, finalTry: true }, 'one'],
    [{ finalTry: true, locked: true }, 'none'],
  ] as const)('has with %j %s tries left', (facts, left) => {
    expect(triesLeft(pin(facts))).toBe(left);
  });
});

describe('what waits for me', () => {
  const request = (id: string, facts: object) => ({
    id,
    signerId: 's',
    signerName: 'S',
    mine: true,
    reason: '',
    profile: 'PAdES' as const,
    withTimestamp: false,
    declinable: false,
    state: 'ready' as const,
    group: 0,
    restrictions: [],
    ...facts,
  });
  const document = {
    id: 'd',
    title: 'D',
    status: 'plain' as const,
    forms: [],
    signatureRequests: [
      request('mine', {}),
      request('theirs', { mine: false }),
      request('later', { state: 'not-yet' }),
      request('done', { state: 'signed' }),
      request('free', { declinable: true }),
    ],
  };
  const ids = (found: readonly { request: { id: string } }[]) => found.map(({ request: { id } }) => id);

  it('is mine and ready, while the transaction is to be signed', () => {
    expect(ids(requestsToSign({ status: 'to-sign', documents: [document] }))).toEqual(['mine', 'free']);
    for (const status of ['to-fill', 'waiting', 'signed', 'expired'] as const) {
      expect(requestsToSign({ status, documents: [document] })).toEqual([]);
    }
  });

  it('can be declined where the sender allows it', () => {
    expect(ids(declinableRequests({ status: 'to-fill', documents: [document] }))).toEqual(['free']);
    expect(declinableRequests({ status: 'waiting', documents: [document] })).toEqual([]);
  });
});
