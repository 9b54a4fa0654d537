/** A Signing Today sandbox with many transactions, for test/bench/sync.ts; a number over the channel changes so many of them. */
import { systemClock } from '../../main/platform/clock.ts';
import { createSigningTodayState, startSigningToday } from '../sandbox/signing-today/index.ts';
import type { ServerMessage } from './sync.ts';

const count = Number(process.argv[2]);
const state = createSigningTodayState({ clock: systemClock });
const me = state.addUser({ username: 'me', domain: 'bench', password: 'bench', name: 'Me', surname: 'Bench' });
const other = state.addUser({ username: 'other', domain: 'bench', password: 'bench', name: 'Other', surname: 'Bench' });
const pdf = Buffer.from('%PDF-1.7\n%%EOF\n');
const ids: string[] = [];
const day = 24 * 60 * 60 * 1000;
for (let i = 0; i < count; i += 1) {
  const documents = [1, 2].map((nth) => ({
    title: `Annex ${nth} of lease ${i}`,
    pdf,
    pages: 1,
    // Theirs to sign: no document is fetched ahead, and no note.
    signerGroups: [[other.id]],
    signatureRequests: [{ signer: other.id, reason: 'Agreed' }],
  }));
  const createdAt = Date.now() - day - i * 60_000;
  const dst = await state.addDst({ title: `Lease ${i}`, createdBy: me.id, createdAt, tags: ['lease'], documents });
  ids.push(dst.id);
}
const server = await startSigningToday(state, {});
const say = (message: ServerMessage) => process.send?.(message);

let next = 0;
process.on('message', async (changes: number) => {
  for (let i = 0; i < changes; i += 1) {
    await state.addNote(ids[next % ids.length] ?? '', { userId: other.id, text: `note ${next}` });
    next += 7;
  }
  say({ kind: 'touched' });
});
process.on('disconnect', () => void server.stop().then(() => process.exit(0)));
say({ kind: 'ready', url: server.url, clientId: state.clientId, clientSecret: state.clientSecret });
