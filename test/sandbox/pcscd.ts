/**
 * A PC/SC service of the test's own, with virtual readers (Debian: pcscd, vsmartcard-vpcd; root): in a mount namespace, so that
 * its socket lies in a folder of ours and any number of them run side by side. Clients find it by PCSCLITE_CSOCK_NAME.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const program = '/usr/sbin/pcscd';
const driver = '/usr/lib/pcsc/drivers/serial/libifdvpcd.so';

export interface TestPcscd {
  /** What a process that talks to this service needs in its environment. */
  readonly env: { readonly PCSCLITE_CSOCK_NAME: string };
  /** TCP ports the cards of the two virtual readers connect to. */
  readonly ports: readonly [number, number];
  /** Names of the readers, in the order of the ports. */
  readonly readers: readonly [string, string];
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Stops and removes everything. */
  remove(): Promise<void>;
}

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

/** Why no service of one's own can be had by this user, or undefined. What is to be installed is not asked here: its absence is a failure. */
export const pcscdUnavailable: string | undefined =
  process.platform === 'linux' && process.getuid?.() === 0 ? undefined : 'root on Linux';

function listen(port: number): Promise<Server | undefined> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(undefined));
    server.listen(port, () => resolve(server));
  });
}

const closed = (server: Server | undefined) =>
  new Promise<void>((resolve) => server?.close(() => resolve()) ?? resolve());

/** Two neighbouring ports: the driver takes the one after its own for its second slot. */
async function findPorts(): Promise<[number, number]> {
  for (;;) {
    const first = await listen(0);
    const address = first?.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const second = await listen(port + 1);
    await Promise.all([closed(first), closed(second)]);
    if (second) return [port, port + 1];
  }
}

async function until(condition: () => Promise<boolean>, what: string): Promise<void> {
  const startedMs = performance.now();
  while (!(await condition())) {
    if (performance.now() - startedMs > 10_000) throw new Error(`pcscd: ${what}`);
    await sleep(20);
  }
}

/** Not started yet: a desk that comes before its service is a case of its own. */
export async function createPcscd(): Promise<TestPcscd> {
  if (!(await exists(driver)) || !(await exists(program))) throw new Error('apt-get install pcscd vsmartcard-vpcd');
  const folder = await mkdtemp(join(tmpdir(), 'countersign-pcscd-'));
  const run = join(folder, 'run');
  const config = join(folder, 'reader.conf');
  const socket = join(run, 'pcscd.comm');
  await mkdir(run);
  const ports = await findPorts();
  const channel = `0x${ports[0].toString(16)}`;
  const name = 'Countersign virtual reader';
  await writeFile(
    config,
    `FRIENDLYNAME "${name}"\nDEVICENAME /dev/null:${channel}\nLIBPATH ${driver}\nCHANNELID ${channel}\n`,
  );
  let daemon: ChildProcess | undefined;
  const stop = async () => {
    const ending = daemon;
    daemon = undefined;
    if (!ending || ending.exitCode !== null || ending.signalCode !== null) return;
    const exit = once(ending, 'exit');
    ending.kill('SIGTERM');
    await exit;
    await until(async () => !(await exists(socket)), 'the socket stays');
  };
  return {
    env: { PCSCLITE_CSOCK_NAME: socket },
    ports,
    readers: [`${name} 00 00`, `${name} 00 01`],
    async start() {
      const script = `mkdir -p /run/pcscd && mount --bind "$1" /run/pcscd && exec ${program} --foreground --config "$2"`;
      // Whatever becomes of this process, the service goes with it.
      const launch = ['--pdeathsig', 'KILL', 'unshare', '--mount', 'sh', '-c', script, 'pcscd', run, config];
      daemon = spawn('setpriv', launch, { stdio: 'ignore' });
      await until(() => exists(socket), 'it does not start');
    },
    stop,
    async remove() {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
