/**
 * Entry of the process that watches PC/SC: sends a state at every look (native/pcsc-port.ts). A process of its own, because the
 * system's library blocks and may crash. Says `pcsc-missing` and ends where the optional package is not there.
 */
import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import { type PcscContext, watchPcsc } from './pcsc-watch.ts';
import { openProcessChannel } from './process-channel.ts';

const channel = openProcessChannel();

function loadContext(): (new () => PcscContext) | undefined {
  try {
    const package_: unknown = createRequire(import.meta.url)('smartcard');
    return (package_ as { Context?: new () => PcscContext }).Context;
  } catch {
    return undefined;
  }
}

const ending = new AbortController();
channel.onMessage(() => {
  ending.abort();
  process.exit(0);
});

const Context = loadContext();
if (Context) {
  await watchPcsc(
    {
      openContext: () => new Context(),
      report: (state) => channel.send(state),
      delay: (ms, signal) => sleep(ms, undefined, { signal }),
    },
    ending.signal,
  );
} else {
  channel.send({ service: 'pcsc-missing', readers: [] });
}
