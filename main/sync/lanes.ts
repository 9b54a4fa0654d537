/** Runs deliveries: one after the other within a transaction, some transactions side by side. */
import type { OutboxRow, Store } from '../store/store.ts';
import { type DeliveryParts, deliverRow } from './delivery.ts';
import type { Limits } from './limits.ts';
import { laneOf, nextRow } from './order.ts';
import type { Presence } from './presence.ts';
import { toTrouble } from './trouble.ts';

export interface DeliveryOptions {
  readonly signal: AbortSignal;
  /** Tries what waits for its next time, too; a server's own wish to wait is respected. */
  readonly force: boolean;
  readonly accountId?: string;
}

export interface Tally {
  delivered: number;
  readonly errors: Set<string>;
}

export interface Lanes {
  /** Delivers what is due and waits for what is under way; a row is tried once a call. @throws StoreError */
  deliver(options: DeliveryOptions): Promise<Tally>;
}

const LANES_AT_ONCE = 4;

export interface LanesParts extends DeliveryParts {
  readonly presence: Presence;
  readonly limits: Limits;
  readonly signInExpired: (accountId: string) => Promise<void>;
}

async function signedIn(store: Store): Promise<Set<string>> {
  const accounts = await store.accounts();
  return new Set(accounts.filter(({ state }) => state === 'signed-in').map(({ id }) => id));
}

/** One call of `deliver`: what it may try, and what came of it. */
interface Pass {
  readonly options: DeliveryOptions;
  readonly tally: Tally;
  readonly tried: Set<string>;
  signedIn: Set<string>;
}

export function createLanes(parts: LanesParts): Lanes {
  const { store, clock, presence, limits } = parts;
  const running = new Map<string, Promise<void>>();

  function isOpen(pass: Pass, row: OutboxRow): boolean {
    const { accountId } = pass.options;
    if (!pass.signedIn.has(row.accountId) || pass.tried.has(row.id)) return false;
    if (limits.until(row.accountId) !== undefined) return false;
    return accountId === undefined || row.accountId === accountId;
  }

  const next = (pass: Pass, rows: readonly OutboxRow[]) =>
    nextRow(rows, (row) => isOpen(pass, row), clock.now(), pass.options.force);

  async function deliverNext(pass: Pass, row: OutboxRow): Promise<void> {
    pass.tried.add(row.id);
    const { state, trouble, retryAfterMs } = await deliverRow(parts, row, pass.options.signal);
    if (state === 'confirmed') pass.tally.delivered += 1;
    if (state === 'confirmed' || state === 'parked') presence.reached(row.accountId);
    if (trouble === undefined) return;
    pass.tally.errors.add(trouble);
    presence.met(row.accountId, trouble);
    if (trouble === 'rate-limited') limits.met(row.accountId, retryAfterMs);
    if (trouble === 'sign-in-expired' || trouble === 'sign-in-refused') {
      pass.signedIn.delete(row.accountId);
      await parts.signInExpired(row.accountId);
    }
  }

  /** Rows are read anew for each step: others may have been added, or settled by the lane before. */
  async function runLane(pass: Pass, lane: string): Promise<void> {
    while (!pass.options.signal.aborted) {
      const rows = await store.outbox({ unconfirmed: true });
      const row = next(
        pass,
        rows.filter((each) => laneOf(each) === lane),
      );
      if (!row) return;
      await deliverNext(pass, row);
    }
  }

  function startLanes(pass: Pass, rows: readonly OutboxRow[]): void {
    for (const [lane, own] of Map.groupBy(rows, laneOf)) {
      if (running.size >= LANES_AT_ONCE) return;
      if (running.has(lane) || !next(pass, own)) continue;
      const work = runLane(pass, lane)
        .catch((error: unknown) => void pass.tally.errors.add(toTrouble(error, pass.options.signal).code))
        .finally(() => running.delete(lane));
      running.set(lane, work);
    }
  }

  return {
    async deliver(options) {
      const pass: Pass = {
        options,
        tally: { delivered: 0, errors: new Set() },
        tried: new Set(),
        signedIn: new Set(),
      };
      for (;;) {
        pass.signedIn = await signedIn(store);
        if (!options.signal.aborted) startLanes(pass, await store.outbox({ unconfirmed: true }));
        if (running.size === 0) return pass.tally;
        await Promise.race(running.values());
      }
    },
  };
}
