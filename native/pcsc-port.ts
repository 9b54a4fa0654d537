/**
 * The PC/SC port: readers, the cards in them and their answers to reset (ISO/IEC 7816-3, 8.2), as the system's service reports
 * them. Watched by a process of its own that never connects to a card.
 */

/** `pcsc-missing`: this installation cannot ask PC/SC. `pcsc-failed`: the watching process keeps dying. */
export type PcscService = 'starting' | 'running' | 'pcsc-service-down' | 'pcsc-missing' | 'pcsc-failed';

export interface CardReader {
  readonly name: string;
  readonly cardPresent: boolean;
  /** Answer to reset, lower-case hex; undefined without a card and for one that does not answer. */
  readonly atr: string | undefined;
  /** The system's count of what happened in this reader: it differs where a card was swapped between two looks. */
  readonly changes: number;
}

export interface PcscState {
  readonly service: PcscService;
  readonly readers: readonly CardReader[];
}

export type PcscEvent =
  | { readonly kind: 'service'; readonly service: PcscService }
  | { readonly kind: 'reader-added' | 'reader-removed' | 'card-removed'; readonly reader: string }
  | { readonly kind: 'card-inserted'; readonly reader: string; readonly atr: string | undefined };

/** Implemented by native/pcsc-client.ts `createPcscWatch`. */
export interface PcscWatch {
  /** What was last heard. */
  state(): PcscState;
  /** The first state that says something, or what there is after `waitMs`. Starts the watching where it has not begun. */
  settled(waitMs: number): Promise<PcscState>;
  /** Hears what is watched; does not begin it. */
  on(listener: (event: PcscEvent, state: PcscState) => void): () => void;
  close(): Promise<void>;
}
