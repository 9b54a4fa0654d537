/**
 * The channel a process of ours has to the desk: child_process's own, or Electron's utility process port. Where child_process
 * started it, the process ends when the channel does.
 */

/** Electron's utility process has its channel in `process.parentPort`. */
interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): void;
  start?(): void;
}

export interface ProcessChannel {
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
}

function parentPortOf(host: object): ParentPort | undefined {
  return 'parentPort' in host ? ((host.parentPort as ParentPort | null) ?? undefined) : undefined;
}

export function openProcessChannel(): ProcessChannel {
  const port = parentPortOf(process);
  if (port) {
    return {
      send: (message) => port.postMessage(message),
      onMessage(listener) {
        port.on('message', ({ data }) => listener(data));
        port.start?.();
      },
    };
  }
  process.on('disconnect', () => process.exit(0));
  return {
    // An error here means that the desk is gone; `disconnect` follows.
    send: (message) => process.send?.(message, undefined, undefined, () => undefined),
    onMessage: (listener) => process.on('message', listener),
  };
}
