import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PreparedFacts } from '../../../main/signing/job.ts';
import { type JobEvent, type JobState, reduce } from '../../../main/signing/machine.ts';

const prepared: PreparedFacts = {
  baseSha256: 'b'.repeat(64),
  baseSize: 1000,
  gap: { offset: 10, length: 20 },
  fieldName: 'Signature1',
  signedAt: 1,
  scheme: 'ecdsa-sha256',
  certificate: new Uint8Array([1]),
  chain: [],
};
const sha256 = 'a'.repeat(64);
const stamped = { withTimestamp: true };
const plain = { withTimestamp: false };

const longTerm = { withTimestamp: true, level: 'B-LT' } as const;
const lacking: JobState = { kind: 'awaiting-validation-data', prepared, attempts: 0, retryAt: 0 };

describe('the way of a signature', () => {
  const walk: [JobState, JobEvent, { withTimestamp: boolean; level?: 'B-LT' }, string, string | undefined][] = [
    [{ kind: 'awaiting-preparation' }, { kind: 'authorised' }, stamped, 'awaiting-preparation', 'prepare'],
    [
      { kind: 'awaiting-pin', code: 'pin-incorrect' },
      { kind: 'authorised' },
      stamped,
      'awaiting-preparation',
      'prepare',
    ],
    [{ kind: 'awaiting-preparation' }, { kind: 'prepared', prepared }, stamped, 'prepared', 'sign'],
    [{ kind: 'awaiting-preparation' }, { kind: 'preparation-failed', code: 'not-a-pdf' }, stamped, 'failed', undefined],
    [{ kind: 'prepared', prepared }, { kind: 'token-signed' }, stamped, 'signed', 'timestamp'],
    [{ kind: 'prepared', prepared }, { kind: 'token-signed' }, plain, 'complete', 'finish'],
    [
      { kind: 'prepared', prepared },
      { kind: 'token-refused', code: 'token-removed' },
      stamped,
      'awaiting-pin',
      undefined,
    ],
    [{ kind: 'signed', prepared }, { kind: 'timestamped' }, stamped, 'complete', 'finish'],
    [{ kind: 'signed', prepared }, { kind: 'timestamped' }, longTerm, 'awaiting-validation-data', undefined],
    [lacking, { kind: 'retry-due' }, longTerm, 'awaiting-validation-data', 'validation-data'],
    [lacking, { kind: 'restarted' }, longTerm, 'awaiting-validation-data', 'validation-data'],
    [lacking, { kind: 'validation-data-added' }, longTerm, 'complete', 'finish'],
    [lacking, { kind: 'cancelled' }, longTerm, 'awaiting-validation-data', undefined],
    [
      lacking,
      { kind: 'validation-data-unavailable', code: 'certificate-revoked', now: 0 },
      longTerm,
      'failed',
      undefined,
    ],
    [
      lacking,
      { kind: 'validation-data-unavailable', code: 'validation-data-incomplete', now: 0 },
      longTerm,
      'awaiting-validation-data',
      undefined,
    ],
    [
      { kind: 'signed', prepared },
      { kind: 'timestamp-unavailable', code: 'offline', now: 5 },
      stamped,
      'awaiting-timestamp',
      undefined,
    ],
    [{ kind: 'complete', prepared }, { kind: 'committed', sha256 }, stamped, 'queued', undefined],
    [
      { kind: 'complete', prepared },
      { kind: 'finish-failed', code: 'verification-failed', now: 0 },
      stamped,
      'failed',
      undefined,
    ],
    [{ kind: 'queued', sha256 }, { kind: 'delivery-started' }, stamped, 'delivering', undefined],
    [{ kind: 'delivering', sha256 }, { kind: 'delivery-confirmed' }, stamped, 'delivered', undefined],
    [{ kind: 'delivering', sha256 }, { kind: 'delivery-conflict', code: 'expired' }, stamped, 'superseded', undefined],
    [
      { kind: 'delivering', sha256 },
      { kind: 'delivery-waits', code: 'offline', retryAt: 9 },
      stamped,
      'queued',
      undefined,
    ],
  ];
  it.each(walk)('%j on %j with %j becomes %s and runs %s', (state, event, spec, next, effect) => {
    const step = reduce(state, event, spec);
    expect(step.state.kind).toBe(next);
    expect(step.effect).toBe(effect);
  });
});

describe('after a restart', () => {
  const restarts: [JobState, string, string | undefined][] = [
    [{ kind: 'awaiting-preparation' }, 'awaiting-pin', undefined],
    [{ kind: 'prepared', prepared }, 'awaiting-pin', undefined],
    [{ kind: 'signed', prepared }, 'signed', 'timestamp'],
    [
      { kind: 'awaiting-timestamp', prepared, code: 'offline', attempts: 3, retryAt: 7 },
      'awaiting-timestamp',
      'timestamp',
    ],
    [{ kind: 'complete', prepared }, 'complete', 'finish'],
    [{ kind: 'delivering', sha256 }, 'queued', undefined],
    [{ kind: 'delivered', sha256 }, 'delivered', undefined],
  ];
  it.each(restarts)('%j goes on as %s and runs %s', (state, next, effect) => {
    const step = reduce(state, { kind: 'restarted' }, stamped);
    expect(step.state.kind).toBe(next);
    expect(step.effect).toBe(effect);
  });
});

describe('a finished signature that cannot be kept yet', () => {
  it('stays complete and is tried again; only a verdict on the content ends it', () => {
    const full: JobEvent = { kind: 'finish-failed', code: 'disk-full', now: 1000 };
    const waiting = reduce({ kind: 'complete', prepared }, full, stamped);
    expect(waiting).toEqual({ state: { kind: 'complete', prepared, code: 'disk-full', attempts: 1, retryAt: 6000 } });
    expect(reduce(waiting.state, { kind: 'retry-due' }, stamped).effect).toBe('finish');
    expect(reduce(waiting.state, { ...full, code: 'verification-failed' }, stamped).state.kind).toBe('failed');
  });
});

describe('a timestamp that does not come', () => {
  it('waits longer after each try and never more than ten minutes', () => {
    let state: JobState = { kind: 'signed', prepared };
    const waits: number[] = [];
    for (let i = 0; i < 12; i++) {
      state = reduce(state, { kind: 'timestamp-unavailable', code: 'offline', now: 1000 }, stamped).state;
      if (state.kind === 'awaiting-timestamp') waits.push(state.retryAt - 1000);
    }
    expect(waits.slice(0, 4)).toEqual([5_000, 10_000, 20_000, 40_000]);
    expect(Math.max(...waits)).toBe(600_000);
  });

  it('waits as long as the authority asks', () => {
    const event: JobEvent = { kind: 'timestamp-unavailable', code: 'http-status', now: 1000, retryAfterMs: 77 };
    expect(reduce({ kind: 'signed', prepared }, event, stamped).state).toMatchObject({ retryAt: 1077 });
  });
});

const code = fc.constantFrom('offline', 'pin-incorrect', 'damaged');
const anyEvent: fc.Arbitrary<JobEvent> = fc.oneof(
  fc.constantFrom<JobEvent>(
    { kind: 'authorised' },
    { kind: 'prepared', prepared },
    { kind: 'token-signed' },
    { kind: 'timestamped' },
    { kind: 'validation-data-added' },
    { kind: 'retry-due' },
    { kind: 'committed', sha256 },
    { kind: 'delivery-started' },
    { kind: 'delivery-confirmed' },
    { kind: 'cancelled' },
    { kind: 'restarted' },
  ),
  code.map((c): JobEvent => ({ kind: 'preparation-failed', code: c })),
  code.map((c): JobEvent => ({ kind: 'token-refused', code: c })),
  code.map((c): JobEvent => ({ kind: 'timestamp-unavailable', code: c, now: 0 })),
  code.map((c): JobEvent => ({ kind: 'validation-data-unavailable', code: c, now: 0 })),
  code.map((c): JobEvent => ({ kind: 'finish-failed', code: c, now: 0 })),
  code.map((c): JobEvent => ({ kind: 'delivery-waits', code: c, retryAt: undefined })),
  code.map((c): JobEvent => ({ kind: 'delivery-conflict', code: c })),
  code.map((c): JobEvent => ({ kind: 'delivery-failed', code: c })),
);

const TOKEN_STEPS = new Set(['prepare', 'sign']);
const MADE = new Set([
  'signed',
  'awaiting-timestamp',
  'awaiting-validation-data',
  'complete',
  'queued',
  'delivering',
  'delivered',
  'superseded',
]);

describe('whatever happens in whatever order', () => {
  it('asks the token for one signature at most, and never drops one that was made', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 40 }), fc.constantFrom(plain, stamped, longTerm), (events, spec) => {
        let state: JobState = { kind: 'awaiting-preparation' };
        let made = false;
        for (const event of events) {
          const step = reduce(state, event, spec);
          if (made) {
            expect(TOKEN_STEPS.has(step.effect ?? '')).toBe(false);
            expect(MADE.has(step.state.kind) || step.state.kind === 'failed').toBe(true);
          }
          made ||= MADE.has(step.state.kind);
          state = step.state;
        }
      }),
      { seed: 20261123, numRuns: 2000 },
    );
  });

  it('takes a late delivery as one', () => {
    const parked: JobState = { kind: 'superseded', sha256, code: 'refused' };
    expect(reduce(parked, { kind: 'delivery-confirmed' }, stamped).state).toEqual({ kind: 'delivered', sha256 });
  });

  it('leaves an ended job as it is', () => {
    const ends: JobState[] = [
      { kind: 'delivered', sha256 },
      { kind: 'cancelled' },
      { kind: 'failed', code: 'damaged' },
    ];
    fc.assert(
      fc.property(fc.constantFrom(...ends), anyEvent, (state, event) => {
        expect(reduce(state, event, stamped)).toEqual({ state });
      }),
      { seed: 1 },
    );
  });
});
