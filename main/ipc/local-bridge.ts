/** The bridge of a desk in this very process, for the command line. */
import type {
  Bridge,
  CallInput,
  CallName,
  CallOutput,
  EventName,
  EventPayload,
  Reply,
} from '../../preload/contract.ts';
import { type Dispatch, localSender } from './router.ts';

type Listen = (listener: <N extends EventName>(name: N, payload: EventPayload<N>) => void) => () => void;

export function localBridge(dispatch: Dispatch, listen: Listen): Bridge {
  return {
    call: <N extends CallName>(name: N, input: CallInput<N>) =>
      dispatch(localSender, name, input) as Promise<Reply<CallOutput<N>>>,
    on: <N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void) =>
      listen((told, payload) => {
        if ((told as string) === name) listener(payload as unknown as EventPayload<N>);
      }),
  };
}
