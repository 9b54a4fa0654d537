/** A PKCS#11 module in this very process: C_SignInit and C_Sign, nothing around them. What others are measured against. */
import pkcs11js from 'pkcs11js';
import type { TokenStack } from '../contract/tokens/token-stack.ts';
import { timed } from './bench.ts';

export const rawMessage = Buffer.alloc(300, 7);
const CKM_SHA256_RSA_PKCS = 0x40;

/** @param path another module over the stack's own */
export function openRaw(stack: TokenStack, path = stack.modulePath) {
  Object.assign(process.env, stack.env);
  const module = new pkcs11js.PKCS11();
  module.load(path);
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
          module.C_Sign(session, rawMessage, Buffer.alloc(2048));
        }
      });
      return ms / count;
    },
    close: () => module.C_Finalize(),
  };
}
