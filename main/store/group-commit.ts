/** Commits that have come in by the time the thread gets to them wait for the disk together. */
import type { CommitAllSigned, SignedCommit } from './commit-signed.ts';
import type { Store } from './store.ts';

/** Keeps one transaction, and the wait of whoever comes next, short. */
const MOST_AT_ONCE = 64;

export interface GroupedCommits {
  readonly commitSigned: Store['commitSigned'];
  /** What waits is committed now. */
  flush(): void;
}

interface Waiting {
  readonly commit: SignedCommit;
  readonly answer: PromiseWithResolvers<Awaited<ReturnType<Store['commitSigned']>>>;
}

export function groupCommits(commitAll: CommitAllSigned): GroupedCommits {
  let waiting: Waiting[] = [];
  function flush(): void {
    const group = waiting.slice(0, MOST_AT_ONCE);
    waiting = waiting.slice(MOST_AT_ONCE);
    if (waiting.length > 0) setImmediate(flush);
    if (group.length === 0) return;
    try {
      const settled = commitAll(group.map(({ commit }) => commit));
      for (const [i, { answer }] of group.entries()) {
        const one = settled[i];
        if (one?.ok) answer.resolve(one.value);
        else answer.reject(one?.error);
      }
    } catch (error) {
      for (const { answer } of group) answer.reject(error);
    }
  }
  return {
    commitSigned(...commit) {
      const answer: Waiting['answer'] = Promise.withResolvers();
      waiting.push({ commit, answer });
      if (waiting.length === 1) setImmediate(flush);
      return answer.promise;
    },
    flush() {
      while (waiting.length > 0) flush();
    },
  };
}
