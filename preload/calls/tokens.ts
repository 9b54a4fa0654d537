/** Tokens, readers and modules. */
import { z } from 'zod';
import {
  absentIdentity,
  bytes,
  cardReader,
  pcscService,
  sealedPin,
  tokenDiagnosis,
  tokenProblem,
  tokenView,
} from '../model.ts';
import { call, id, none } from './call.ts';

/** What can become of a change of a PIN. */
const pinErrors = [
  'token-absent',
  'token-removed',
  'pin-incorrect',
  'pin-locked',
  'pin-expired',
  'pin-length',
  'pin-cancelled',
  'pin-unreadable',
  'pin-change-unsupported',
  'login-required',
  'function-failed',
  'device-error',
  'module-crashed',
  'module-hung',
  'module-set-aside',
  'cancelled',
] as const;

export const tokensCalls = {
  'tokens.list': call({
    input: z.object({ modulePath: z.string().max(4096).optional() }).strict(),
    output: z.object({
      tokens: z.array(tokenView),
      problems: z.array(tokenProblem),
      /** The providers' identities that no key at hand answers to; only where every module was listed. */
      absent: z.array(absentIdentity).optional(),
    }),
    errors: [],
  }),
  /** Everything around the tokens, and where the way to a signature ends. */
  'tokens.diagnose': call({
    /** `again`: modules that were set aside after crashes are taken up. */
    input: z.object({ again: z.boolean().optional() }).strict(),
    output: z.object({
      diagnosis: tokenDiagnosis,
      service: pcscService,
      readers: z.array(cardReader),
      modules: z.array(
        z.object({
          path: z.string(),
          source: z.enum(['user', 'vendor', 'p11-kit']),
          vendor: z.string().optional(),
        }),
      ),
      tokens: z.array(tokenView),
      problems: z.array(tokenProblem),
      absent: z.array(absentIdentity),
    }),
    errors: [],
  }),
  /** Somebody looks at the tokens: `tokens.changed` tells for the next half minute also of what no card reader tells. */
  'tokens.watch': call({ input: none, output: none, errors: [] }),
  /**
   * Tries a module in a process of its own and adds it to the settings where it loads. The host's dialog asks which; only the
   * command line may name a path. Nothing but `{}` where the person chose none.
   */
  'tokens.addModule': call({
    input: z.object({ path: z.string().min(1).max(4096).optional() }).strict(),
    output: z.object({ tokenCount: z.number().optional() }),
    errors: [
      'no-module-dialog',
      'bad-request',
      'module-missing',
      'module-wrong-architecture',
      'module-failed',
      'module-crashed',
      'module-hung',
      'function-failed',
      'device-error',
    ],
  }),
  'tokens.removeModule': call({
    input: z.object({ path: z.string().min(1).max(4096) }).strict(),
    output: none,
    errors: ['not-found'],
  }),
  /** Starts the token host that will sign the next batch and gives its one-time public key, to seal the PIN to. */
  'tokens.session': call({
    /** `pin`: to change or unblock the PIN; a login that is kept for the next batch ends. */
    input: z.object({ tokenId: id, purpose: z.enum(['sign', 'pin']).optional() }).strict(),
    output: z.object({
      sessionId: id,
      /** Uncompressed P-256 point, 65 bytes. */
      publicKey: bytes,
      needsPin: z.boolean(),
    }),
    errors: ['token-absent', 'module-crashed', 'module-hung', 'module-missing'],
  }),
  /**
   * Changes the PIN: the present one sealed to the session, the new one to `newPinContext(sessionId)` (preload/seal-pin.ts); no
   * seals where the token asks for both itself. One try; the session ends. Refusals carry the flags as they then are.
   */
  'tokens.changePin': call({
    input: z.object({ sessionId: id, sealedOld: sealedPin.optional(), sealedNew: sealedPin.optional() }).strict(),
    output: none,
    errors: pinErrors,
  }),
  /** Gives a locked PIN a new value, by the person's PUK or the security officer's PIN; seals and tries as in changePin. */
  'tokens.unblock': call({
    input: z
      .object({
        sessionId: id,
        kind: z.enum(['user-puk', 'so']),
        sealedPuk: sealedPin.optional(),
        sealedNew: sealedPin.optional(),
      })
      .strict(),
    output: none,
    errors: [...pinErrors, 'pin-not-locked'],
  }),
  /** How long logins are kept, and whether this host hears of a locked screen: where it does not, they end with their batch. */
  'tokens.loginLifetime': call({
    input: none,
    output: z.object({
      minutes: z.union([z.number(), z.literal('until-removed')]),
      watchesSystem: z.boolean(),
    }),
    errors: [],
  }),
  /** Ends every login that is kept for a next batch. */
  'tokens.logOut': call({ input: none, output: none, errors: [] }),
} as const;
