/**
 * Our own PIV card in vsmartcard's virtual reader behind pcscd and OpenSC, in mounts and a network of their own. Debian: pcscd,
 * vsmartcard-vpcd, opensc, iproute2; root.
 */
import { once } from 'node:events';
import { access, mkdir, rm, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { createTokenHost } from '../../../../native/client.ts';
import type { StartProcess } from '../../../../native/token-port.ts';
import type { CardCommand, CardStatus } from '../../../sandbox/piv-card/main.ts';
import { allSchemes, type TokenStack } from '../token-stack.ts';
import { makeKeyFiles, runTool } from './key-files.ts';
import { forkInside, type Namespace, startInNamespace, startTokenHostInside } from './namespace.ts';

const modulePath = '/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so';
const driver = '/usr/lib/pcsc/drivers/serial/libifdvpcd.so';
const PORT = 35963;
/** Looks at the reader, 50 ms apart. */
const SHOWS_WITHIN = 200;
const cardEntry = new URL('../../../sandbox/piv-card/main.ts', import.meta.url);

export interface PivStack extends TokenStack {
  readonly puk: string;
  /** Tells the card; its counters after that. */
  card(command: CardCommand): Promise<CardStatus>;
  /** Pulls the card and waits until the reader service has seen it: the virtual reader holds a command sent before that. */
  pull(): Promise<void>;
  /** Puts the card back, where it is not in, and waits until it shows. */
  put(): Promise<void>;
  /** pcscd dies and starts again; the card is in the reader. */
  restartReaderService(): Promise<void>;
}

export async function createPivStack(): Promise<PivStack> {
  for (const path of [modulePath, driver, '/usr/sbin/pcscd']) {
    await access(path).catch(() => {
      throw new Error(`${path} is missing: apt-get install pcscd vsmartcard-vpcd opensc`);
    });
  }
  const files = await makeKeyFiles();
  const { at } = files;
  await mkdir(at('pcscd'));
  await writeFile(at('reader.conf'), readerConf);
  // A PUK goes into C_SetPIN's first PIN; nothing is cached, neither PINs nor files.
  await writeFile(at('opensc.conf'), openScConf);
  const socket = at('pcscd/pcscd.comm');
  const network = await startInNamespace(['-n'], networkScript(at('network')), at('network'));
  const startService = () => startPcscd(network, at('pcscd'), at('reader.conf'), socket);
  let service = await startService();
  const child = forkInside(network, cardEntry, []);
  let turn: Promise<unknown> = Promise.resolve();
  const card = (command: CardCommand): Promise<CardStatus> => {
    const asked = turn.then(async () => {
      const answer = once(child, 'message');
      child.send(command);
      return (await answer)[0] as CardStatus;
    });
    turn = asked;
    return asked;
  };
  const pin = '738154';
  const puk = '90817263';
  const keyOf = (name: 'rsa' | 'ec') => ({ privateKey: files[name].privateKey, certificate: files[name].certificate });
  await card({ kind: 'make', content: { pin, puk, keys: { '9a': keyOf('rsa'), '9c': keyOf('ec') } }, port: PORT });
  await card({ kind: 'insert' });
  const env = { PCSCLITE_CSOCK_NAME: socket, OPENSC_CONF: at('opensc.conf') };
  const start: TokenStack['start'] =
    (more = {}) =>
    (args) =>
      startTokenHostInside(network, args, { ...process.env, ...env, ...more });
  const remove = async () => {
    child.kill('SIGKILL');
    await service.stop();
    await network.stop();
    await rm(files.folder, { recursive: true, force: true });
  };
  const token = await firstToken(start()).catch(async (error) => {
    await remove();
    throw error;
  });
  return {
    modulePath,
    token,
    pin,
    wrongPin: '738155',
    soPin: '',
    puk,
    pki: files.pki,
    keys: { rsa: '01', ec: '02' },
    publicKeys: files.publicKeys,
    folder: files.folder,
    env,
    traits: {
      listed: 'before-login',
      carriesIssuer: false,
      afterWrongPin: {},
      tooShortPin: '12',
      schemes: allSchemes,
      otherTokens: 0,
      locksAfter: 3,
    },
    start,
    card,
    async pull() {
      await card({ kind: 'eject' });
      const environment = Object.entries(env).map(([name, value]) => `${name}=${value}`);
      // Its table has a line for each reader: number, card, features, name.
      const isGone = async () => {
        const listed = await runTool([...network.enter, 'env', ...environment, 'opensc-tool', '--list-readers']);
        return !/^\d+\s+Yes/m.test(listed);
      };
      while (!(await isGone())) await sleep(20);
    },
    async put() {
      await card({ kind: 'insert' });
      await firstToken(start());
    },
    async restartReaderService() {
      await service.stop();
      await rm(socket, { force: true });
      service = await startService();
      await card({ kind: 'eject' });
      await card({ kind: 'insert' });
      await firstToken(start());
    },
    remove,
  };
}

/** OpenSC makes the serial from the card's GUID: it is as the module says. */
async function firstToken(start: StartProcess): Promise<TokenStack['token']> {
  const host = createTokenHost(modulePath, start);
  try {
    for (let left = SHOWS_WITHIN; left > 0; left--) {
      const listed = await host.list();
      const [found] = listed.ok ? listed.value : [];
      if (found) return { manufacturerId: found.manufacturerId, serialNumber: found.serialNumber, label: found.label };
      await sleep(50);
    }
  } finally {
    await host.close();
  }
  throw new Error('the PIV card does not show');
}

const readerConf = [
  'FRIENDLYNAME "Desk reader"',
  `DEVICENAME /dev/null:0x${PORT.toString(16).toUpperCase()}`,
  `LIBPATH ${driver}`,
  `CHANNELID 0x${PORT.toString(16).toUpperCase()}`,
  '',
].join('\n');

const openScConf = `app default {
  framework pkcs15 {
    use_file_caching = false;
    use_pin_caching = false;
  }
}
app opensc-pkcs11 {
  pkcs11 {
    user_pin_unblock_style = set_pin_in_unlogged_session;
  }
}
`;

/** Loopback alone, its segments acknowledged at once: the reader writes each frame in two, and Nagle would hold the second back. */
function networkScript(ready: string): string {
  const quick = 'table local local 127.0.0.1 dev lo proto kernel scope host src 127.0.0.1 quickack 1';
  return ['ip link set lo up', `ip route change ${quick}`, `touch '${ready}'`, 'exec sleep infinity'].join('\n');
}

function startPcscd(network: Namespace, run: string, conf: string, socket: string): Promise<Namespace> {
  const script = ['mkdir -p /run/pcscd', `mount --bind '${run}' /run/pcscd`, `exec pcscd -f -c '${conf}'`];
  return startInNamespace(['-m'], script.join('\n'), socket, network);
}
