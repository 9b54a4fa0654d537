/** Trusted devices and their pairing as the window sees them. Times are epoch milliseconds (UTC). */
import { z } from 'zod';

export const deviceView = z.object({
  deviceId: z.string(),
  name: z.string(),
  registeredAt: z.number().optional(),
  thisComputer: z.boolean(),
  /** Its trust is taken away as soon as the service can be reached. */
  revoking: z.boolean(),
});
export type DeviceView = z.infer<typeof deviceView>;

/** What becomes of a challenge that is shown; the reducer is main/devices/pairing.ts. */
export const pairingView = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('asking') }),
  z.object({
    kind: z.literal('shown'),
    /** What the QR code says. */
    text: z.string(),
    expiresAt: z.number(),
    /** Why nobody can tell just now whether a device has taken it. */
    code: z.string().optional(),
  }),
  z.object({ kind: z.literal('paired'), device: deviceView }),
  z.object({ kind: z.literal('expired') }),
  z.object({ kind: z.literal('failed'), code: z.string() }),
  z.object({ kind: z.literal('stopped') }),
]);
export type PairingView = z.infer<typeof pairingView>;
