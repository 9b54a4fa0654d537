/** Commits that have come in by the time the thread gets to them wait for the disk together. */
import type { Backend } from './backend.ts';
import type { SignedCommit } from './commit-signed.ts';
import type { RevisionRef, Store } from './store.ts';

/** Keeps one transaction, and the wait of whoever comes next, short. */
const MOST_AT_ONCE = 64;

export type GroupingBackend = Omit<Backend, 'commitAllSigned'> & Pick<Store, 'commitSigned'>;

interface Waiting {
  readonly commit: SignedCommit;
  readonly answer: PromiseWithResolvers<{ readonly revision: RevisionRef }>;
}

/** The backend with commitSigned, which is the only method that does not answer at once; closing commits what waits. */
export function groupCommits({ commitAllSigned, ...backend }: Backend): GroupingBackend {
  const waiting: Waiting[] = [];
  function commitNext(): void {
    const group = waiting.splice(0, MOST_AT_ONCE);
    if (waiting.length > 0) setImmediate(commitNext);
    if (group.length === 0) return;
    const settled = commitAllSigned(group.map(({ commit }) => commit));
    for (const [i, { answer }] of group.entries()) {
      const one = settled[i];
      if (one?.ok) answer.resolve({ revision: one.value });
      else answer.reject(one?.error);
    }
  }
  return {
    ...backend,
    commitSigned(...commit) {
      const answer: Waiting['answer'] = Promise.withResolvers();
      waiting.push({ commit, answer });
      if (waiting.length === 1) setImmediate(commitNext);
      return answer.promise;
    },
    close() {
      while (waiting.length > 0) commitNext();
      backend.close();
    },
  };
}
