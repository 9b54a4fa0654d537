import { describe, expect, it } from 'vitest';
import { type SignatureReport, signatureReport } from '../../../preload/model.ts';
import { signedAt, verdictOf } from '../../../renderer/features/validation/verdict.ts';
import { readWords } from './read-words.ts';

const good: SignatureReport = signatureReport.parse({
  fieldName: 'Signature1',
  signerCommonName: 'Marta Kalniņa',
  signerSubject: 'CN=Marta Kalniņa',
  kind: 'signature',
  integrity: 'intact',
  cms: 'valid',
  chain: 'trusted',
  timestamp: 'none',
  level: 'B-B',
  covers: 'whole-file',
  revocation: 'good',
  laterChanges: [],
  problems: [],
});

describe('a signature’s verdict', () => {
  it.each<[string, Partial<SignatureReport>, string, string]>([
    ['nothing is wrong', {}, 'good', 'valid'],
    ['revocation was not looked for', { revocation: 'not-checked' }, 'good', 'valid'],
    ['form entries came later', { covers: 'own-revision', laterChanges: ['form-fill'] }, 'good', 'valid'],
    ['bytes were changed', { integrity: 'altered', chain: 'untrusted' }, 'bad', 'altered'],
    ['the range leaves a hole', { integrity: 'bad-byte-range' }, 'bad', 'bad-byte-range'],
    ['the range is of no revision', { covers: 'something-else' }, 'bad', 'bad-byte-range'],
    ['it cannot be read', { integrity: 'unreadable', cms: 'unreadable' }, 'bad', 'unreadable'],
    ['the value does not fit', { cms: 'invalid' }, 'bad', 'cms-invalid'],
    ['the certificate was revoked', { revocation: 'revoked', chain: 'expired' }, 'bad', 'revoked'],
    ['a change is forbidden', { problems: ['changes-forbidden'] }, 'bad', 'changed-later'],
    ['the timestamp is of something else', { timestamp: 'invalid' }, 'bad', 'timestamp-invalid'],
    ['nobody vouches', { chain: 'untrusted' }, 'unsure', 'untrusted'],
    ['the chain is cut', { chain: 'incomplete' }, 'unsure', 'incomplete'],
    ['it had expired', { chain: 'expired' }, 'unsure', 'expired'],
    ['nothing is trusted', { chain: 'no-anchors' }, 'unsure', 'no-anchors'],
    ['nobody answered', { revocation: 'unknown' }, 'unsure', 'revocation-unknown'],
  ])('where %s', (_, facts, tone, reason) => {
    expect(verdictOf({ ...good, ...facts })).toEqual({ tone, reason });
    expect(readWords('en').verdict).toHaveProperty(reason);
  });

  it('says when by what proves it', () => {
    expect(signedAt({ ...good, claimedAt: 5 })).toEqual({ at: 5, proven: false });
    expect(signedAt({ ...good, claimedAt: 5, timestamp: 'untrusted', timestampAt: 6 })).toEqual({
      at: 5,
      proven: false,
    });
    expect(signedAt({ ...good, claimedAt: 5, timestamp: 'valid', timestampAt: 6 })).toEqual({ at: 6, proven: true });
    expect(signedAt({ ...good, timestampAt: 6, timestamp: 'valid', provenAt: 4 })).toEqual({ at: 4, proven: true });
    expect(signedAt(good)).toBeUndefined();
  });
});
