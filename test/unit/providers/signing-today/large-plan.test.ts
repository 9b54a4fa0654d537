/** Sign plans far larger than anybody means: a sender who makes one must not stop the desk of who is asked to sign. */
import { expect, it } from 'vitest';
import { toRemoteTransaction } from '../../../../main/providers/signing-today/mapping.ts';
import { dstSchema } from '../../../../main/providers/signing-today/schemas.ts';
import { me, wireDocument, wireDst, wireForm, wireRequest, wireSigner } from './fixtures.ts';

it('reads a plan of very many in the time that its length takes, and no sender freezes the desk', () => {
  const ids = Array.from({ length: 1500 }, (_, i) => i + 1);
  const document = wireDocument({
    signatureRequests: ids.map((id) => wireRequest(id, id)),
    signerGroups: [{ signers: ids.map((id) => wireSigner(id, me)) }],
    forms: ids.map((id) => wireForm(id, 'TextForm', id)),
  });
  for (const status of ['toFill', 'toSign']) {
    const dst = dstSchema.parse(wireDst({ documents: [document], status }));
    const startMs = performance.now();
    const [mapped] = toRemoteTransaction(dst, me, () => '').transaction.documents;
    // It takes milliseconds; asked for one by one, it was the better part of a minute.
    expect(performance.now() - startMs).toBeLessThan(3000);
    expect(new Set(mapped?.signatureRequests.map(({ state }) => state))).toEqual(new Set(['ready']));
  }
});
