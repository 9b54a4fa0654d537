/** Tells the person on the desktop what is new to do, and how much waits in all. */
import type { Clock } from '../platform/clock.ts';
import type { Store } from '../store/store.ts';

export interface Notice {
  readonly title: string;
  readonly body: string;
  /** What opens when it is clicked. */
  readonly transactionId?: string;
}

export interface NoticesDeps {
  readonly store: Pick<Store, 'inbox'>;
  readonly clock: Clock;
  readonly settings: () => { readonly notifications: boolean; readonly language?: string | null | undefined };
  readonly systemLanguage: string;
  readonly notify: (notice: Notice) => void;
  readonly showWaiting: (count: number) => void;
}

/** More are told of in one notice. */
const MOST_NOTICES = 3;
const LOOKED_AT = 50;
/** What comes in one sync is told of together. */
const SETTLE_MS = 2_000;

const summaries: Readonly<Record<string, (count: string) => string>> = {
  en: (count) => `${count} new documents`,
  it: (count) => `${count} nuovi documenti`,
  es: (count) => `${count} documentos nuevos`,
  fr: (count) => `${count} nouveaux documents`,
  de: (count) => `${count} neue Dokumente`,
};

export interface Notices {
  /** Something changed: looks once it has settled. */
  changed(): void;
  close(): Promise<void>;
}

/** The first look tells of nothing: what is there already is not new. */
export function createNotices(deps: NoticesDeps): Notices {
  const { store, clock } = deps;
  const ending = new AbortController();
  const known = new Set<string>();
  let since: number | undefined;
  let running: Promise<void> | undefined;

  async function look(): Promise<void> {
    const { items, counts } = await store.inbox({ view: 'to-do', offset: 0, limit: LOOKED_AT });
    deps.showWaiting(counts['to-do']);
    const before = since;
    since = clock.now();
    const fresh = before === undefined ? [] : items.filter(({ id }) => !known.has(id));
    for (const { id } of items) known.add(id);
    const { notifications, language } = deps.settings();
    if (!notifications || fresh.length === 0) return;
    if (fresh.length > MOST_NOTICES) {
      const words = summaries[language ?? deps.systemLanguage.slice(0, 2)] ?? summaries.en;
      deps.notify({ title: 'Countersign', body: words?.(String(fresh.length)) ?? '' });
      return;
    }
    for (const { id, title, senderName } of fresh) deps.notify({ title, body: senderName, transactionId: id });
  }

  return {
    changed() {
      running ??= clock
        .delay(SETTLE_MS, ending.signal)
        .then(look)
        .catch(() => undefined)
        .finally(() => {
          running = undefined;
        });
    },
    async close() {
      ending.abort();
      await running;
    },
  };
}
