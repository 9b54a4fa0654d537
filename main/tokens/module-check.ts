/** Tries a module a person wants to add, in a process that ends with the trial: whatever it does there, it does it to nobody. */
import { createTokenHost, type HostClock, type HostDeadlines } from '../../native/client.ts';
import type { StartProcess, TokenResult } from '../../native/token-port.ts';

export interface ModuleCheckOptions {
  /** Starts a token host's process. */
  readonly startProcess: StartProcess;
  readonly clock: HostClock;
  readonly deadlinesMs?: Partial<HostDeadlines>;
}

/** Loads the module and lists its tokens. `bad-request` where the path is not absolute; else as a listing fails. */
export async function checkModule(
  path: string,
  { startProcess, clock, deadlinesMs }: ModuleCheckOptions,
): Promise<TokenResult<{ tokenCount: number }>> {
  const host = createTokenHost(path, startProcess, { clock, ...(deadlinesMs ? { deadlinesMs } : {}) });
  try {
    const listed = await host.list();
    return listed.ok ? { ok: true, value: { tokenCount: listed.value.length } } : listed;
  } finally {
    await host.close();
  }
}
