/** A document that two are to sign in parallel, and the other one's signature on it while the demo's person is away. */
import { signerNamed } from './pki/index.ts';
import { signSoftly } from './samples/index.ts';
import type { Sandbox } from './sandbox.ts';
import type { Dst } from './signing-today/index.ts';

type Parts = Pick<Sandbox, 'signingToday' | 'pki'>;

function idOf({ signingToday: { state } }: Parts, username: string): string {
  const found = state.ledger.directory.users.find(({ user }) => user.username === username);
  if (!found) throw new Error(`nobody is ${username}`);
  return found.user.id;
}

/** Janis sends it; he and Marta sign, in any order. */
export function addForTwo(sandbox: Parts, title: string, pdf: Uint8Array): Promise<Dst> {
  const [me, janis] = [idOf(sandbox, 'marta'), idOf(sandbox, 'janis')];
  const signatureRequests = [me, janis].map((signer) => ({ signer, reason: 'Agreed', withTimestamp: true }));
  return sandbox.signingToday.state.addDst({
    title,
    createdBy: janis,
    documents: [{ title, pdf, signerGroups: [[me, janis]], signatureRequests }],
  });
}

/** Janis signs his request, without a visible mark. */
export async function otherSigns(sandbox: Parts, dstId: string): Promise<void> {
  const { state } = sandbox.signingToday;
  const [document] = state.dst(dstId).documents;
  const request = document?.signatureRequests[1];
  if (!document || !request) throw new Error('no request of theirs');
  const file = await state.currentBytes(dstId, document.id);
  const at = Date.now();
  const signer = signerNamed(sandbox.pki, 'other');
  const signed = await signSoftly(sandbox.pki, file, {
    signer,
    at,
    field: { kind: 'new-invisible' },
    reason: 'Agreed',
  });
  const about = { documentId: document.id, signatureRequestId: request.id };
  await state.sign(dstId, { userId: idOf(sandbox, 'janis'), ...about, signed, at });
}
