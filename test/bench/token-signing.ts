/** A stream of digests through a token host against the same signatures made by C_Sign alone, on SoftHSM with RSA-2048. */
import pkcs11js from 'pkcs11js';
import { createTokenHost } from '../../native/client.ts';
import { createSoftHsmStack, logIn, type TokenStack, unwrap } from '../contract/tokens/token-stack.ts';
import { type Bench, median, timed } from './bench.ts';

const DIGESTS = 10_000;
/** Raw and host take turns, so that both meet the same machine. */
const ROUNDS = 5;
const IN_FLIGHT = 64;
const message = Buffer.alloc(300, 7);
const scheme = 'rsa-pkcs1-sha256';
const CKM_SHA256_RSA_PKCS = 0x40;

async function throughTheHost(stack: TokenStack, count: number): Promise<number> {
  const host = createTokenHost(stack.modulePath, stack.start());
  const { sessionId } = await logIn(host, stack);
  const key = { keyId: stack.keys.rsa, scheme } as const;
  unwrap(await host.sign(sessionId, key, message));
  let left = count;
  const work = async () => {
    while (left-- > 0) unwrap(await host.sign(sessionId, key, message));
  };
  const ms = await timed(() => Promise.all(Array.from({ length: IN_FLIGHT }, work)));
  await host.close();
  return ms / count;
}

/** The module in this process: C_SignInit and C_Sign, nothing around them. */
function openRaw(stack: TokenStack) {
  Object.assign(process.env, stack.env);
  const module = new pkcs11js.PKCS11();
  module.load(stack.modulePath);
  module.C_Initialize({ flags: pkcs11js.CKF_OS_LOCKING_OK });
  const [slot] = module.C_GetSlotList(true);
  if (!slot) throw new Error('no token');
  const session = module.C_OpenSession(slot, pkcs11js.CKF_SERIAL_SESSION);
  module.C_Login(session, pkcs11js.CKU_USER, stack.pin);
  module.C_FindObjectsInit(session, [
    { type: pkcs11js.CKA_CLASS, value: pkcs11js.CKO_PRIVATE_KEY },
    { type: pkcs11js.CKA_ID, value: Buffer.from(stack.keys.rsa, 'hex') },
  ]);
  const [key] = module.C_FindObjects(session, 1);
  module.C_FindObjectsFinal(session);
  if (!key) throw new Error('no key');
  return {
    async sign(count: number): Promise<number> {
      const ms = await timed(async () => {
        for (let made = 0; made < count; made++) {
          module.C_SignInit(session, { mechanism: CKM_SHA256_RSA_PKCS }, key);
          module.C_Sign(session, message, Buffer.alloc(2048));
        }
      });
      return ms / count;
    },
    close: () => module.C_Finalize(),
  };
}

export const tokenSigning: Bench = {
  subject: 'token-signing',
  async run(report) {
    const stack = await createSoftHsmStack();
    const raw = openRaw(stack);
    const rawMs: number[] = [];
    const hostMs: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      rawMs.push(await raw.sign(DIGESTS / ROUNDS));
      hostMs.push(await throughTheHost(stack, DIGESTS / ROUNDS));
    }
    raw.close();
    await stack.remove();
    const floorMs = median(rawMs);
    report({ what: `${DIGESTS} digests, each`, ms: median(hostMs), floorMs, floor: 'raw C_Sign' });
  },
};
