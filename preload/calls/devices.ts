/** Trusted devices of an account. */
import { z } from 'zod';
import { deviceView, pairingView } from '../model.ts';
import { call, id, none, providerErrors } from './call.ts';

const account = z.object({ accountId: id }).strict();
const text = z.string().min(1).max(8192);
const name = z.string().trim().min(1).max(120);
const challengeErrors = ['challenge-unreadable', 'challenge-foreign', 'challenge-other-person'] as const;

export const devicesCalls = {
  /** Read from the service; with `code` they could not be read now, and the list is the last one known. */
  'devices.list': call({
    input: account,
    output: z.object({
      devices: z.array(deviceView),
      readAt: z.number().optional(),
      code: z.string().optional(),
      computerName: z.string(),
    }),
    errors: [...providerErrors, 'devices-unsupported'],
  }),
  /** Shows a challenge; `devices.pairing` tells what becomes of it. */
  'devices.startPairing': call({
    input: account,
    output: z.object({ pairingId: z.string() }),
    errors: [...providerErrors, 'devices-unsupported'],
  }),
  'devices.stopPairing': call({ input: z.object({ pairingId: id }).strict(), output: none, errors: [] }),
  /** Whose a challenge is; nothing is sent. A bare challenge is meant for `accountId`. */
  'devices.readChallenge': call({
    input: z.object({ text, accountId: id.optional() }).strict(),
    output: z.object({ accountId: z.string(), accountLabel: z.string(), userName: z.string(), host: z.string() }),
    errors: challengeErrors,
  }),
  'devices.pairThis': call({
    input: z.object({ text, name, accountId: id.optional() }).strict(),
    output: z.object({ accountId: z.string(), device: deviceView, push: z.boolean() }),
    errors: [...providerErrors, ...challengeErrors, 'challenge-refused', 'devices-unsupported'],
  }),
  'devices.rename': call({
    input: z.object({ accountId: id, deviceId: id, name }).strict(),
    output: none,
    errors: [...providerErrors, 'challenge-refused', 'devices-unsupported'],
  }),
  /** Done at once here, and at the service as soon as it can be reached. */
  'devices.revoke': call({
    input: z.object({ accountId: id, deviceId: id }).strict(),
    output: none,
    errors: ['not-found'],
  }),
  /** The window may use the camera while a code is read; asked for again while it lasts, and given back. */
  'devices.camera': call({
    input: z.object({ on: z.boolean() }).strict(),
    output: z.object({ allowed: z.boolean() }),
    errors: [],
  }),
} as const;

export const devicesEvents = {
  'devices.pairing': z.object({ pairingId: z.string(), state: pairingView }),
  'devices.changed': z.object({ accountId: z.string() }),
} as const;
