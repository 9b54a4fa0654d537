import { describe, expect, it } from 'vitest';
import { createNotices, type Notice } from '../../../main/inbox/notices.ts';
import type { Clock } from '../../../main/platform/clock.ts';
import type { Store } from '../../../main/store/store.ts';

/** An inbox that changes, a clock whose waits end at once, and what was said. */
function world(settings: { notifications: boolean; language?: string } = { notifications: true }) {
  const ids: string[] = ['a'];
  const said: Notice[] = [];
  const counts: number[] = [];
  let release: (() => void) | undefined;
  const store = {
    inbox: async () => ({
      items: ids.map((id) => ({ id, title: `Title ${id}`, senderName: 'Ilze' })),
      counts: { 'to-do': ids.length },
    }),
  } as unknown as Store;
  const clock = {
    now: () => 1,
    delay: (_ms: number, signal?: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        release = resolve;
        signal?.addEventListener('abort', () => reject(new Error('ended')));
      }),
  } as unknown as Clock;
  const notices = createNotices({
    store,
    clock,
    settings: () => settings,
    systemLanguage: 'de-AT',
    notify: (notice) => void said.push(notice),
    showWaiting: (count) => void counts.push(count),
  });
  return {
    ids,
    said,
    counts,
    notices,
    async change() {
      notices.changed();
      release?.();
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

describe('notices', () => {
  it('tell of what is new, by its title and who sent it, once', async () => {
    const { ids, said, counts, change } = world();
    await change();
    expect(said).toEqual([]);
    ids.unshift('b');
    await change();
    await change();
    expect(said).toEqual([{ title: 'Title b', body: 'Ilze', transactionId: 'b' }]);
    expect(counts).toEqual([1, 2, 2]);
  });

  it('tell of many at once in the person’s language', async () => {
    const { ids, said, change } = world();
    await change();
    ids.unshift('b', 'c', 'd', 'e');
    await change();
    expect(said).toEqual([{ title: 'Countersign', body: '4 neue Dokumente' }]);
  });

  it('are silent where the settings say so, and the count is shown all the same', async () => {
    const { ids, said, counts, change } = world({ notifications: false });
    await change();
    ids.unshift('b');
    await change();
    expect(said).toEqual([]);
    expect(counts).toEqual([1, 2]);
  });

  it('end while one is waited for', async () => {
    const { notices, counts } = world();
    notices.changed();
    await notices.close();
    expect(counts).toEqual([]);
  });
});
