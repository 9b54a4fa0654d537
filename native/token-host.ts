/**
 * Entry of a token host's process: owns the one module whose absolute path is its argument. Started by child_process.fork or
 * Electron's utilityProcess; both kinds of channel end up in the same service. The process ends when its channel does.
 */
import { createHostService } from './host-service.ts';

/** Electron's utility process has its channel in `process.parentPort`. */
interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): void;
  start?(): void;
}

interface Channel {
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
}

function parentPortOf(host: object): ParentPort | undefined {
  return 'parentPort' in host ? ((host.parentPort as ParentPort | null) ?? undefined) : undefined;
}

function openChannel(): Channel {
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

const channel = openChannel();
const service = createHostService(process.argv[2] ?? '', channel.send, () => process.exit(0));
channel.onMessage((message) => service.receive(message));
