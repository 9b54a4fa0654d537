/** A stream of digests through a token host against the same signatures made by C_Sign alone, on SoftHSM with RSA-2048. */
import { createTokenHost } from '../../native/client.ts';
import { createSoftHsmStack, logIn, type TokenStack, unwrap } from '../contract/tokens/token-stack.ts';
import { type Bench, median, timed } from './bench.ts';
import { rawMessage as message, openRaw } from './raw-module.ts';

const DIGESTS = 10_000;
/** Raw and host take turns, so that both meet the same machine. */
const ROUNDS = 5;
const IN_FLIGHT = 64;
const scheme = 'rsa-pkcs1-sha256';

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
