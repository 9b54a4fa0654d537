/** The desk's events, to whoever listens: the window, command lines, rooms. */
import type { EventName, EventPayload } from '../../preload/contract.ts';
import type { Rooms } from './rooms.ts';

export type EventListener = <N extends EventName>(name: N, payload: EventPayload<N>) => void;

export interface Events {
  readonly emit: Rooms['emit'];
  /** @returns how to stop listening */
  on(listener: EventListener): () => void;
}

/** A listener that is going away must not stop the job that tells it something: what it throws is reported. */
export function createEvents(report: (error: unknown) => void): Events {
  const listeners = new Set<EventListener>();
  return {
    emit(name, payload) {
      for (const tell of listeners) {
        try {
          tell(name, payload);
        } catch (error) {
          report(error);
        }
      }
    },
    on(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
