/** Tokens, readers and modules. */
import { z } from 'zod';
import { absentIdentity, bytes, cardReader, pcscService, tokenDiagnosis, tokenProblem, tokenView } from '../model.ts';
import { call, id, none } from './call.ts';

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
  /** Tries a module in a process of its own and adds it to the settings where it loads. */
  'tokens.addModule': call({
    input: z.object({ path: z.string().min(1).max(4096) }).strict(),
    output: z.object({ tokenCount: z.number() }),
    errors: [
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
    input: z.object({ tokenId: id }).strict(),
    output: z.object({
      sessionId: id,
      /** Uncompressed P-256 point, 65 bytes. */
      publicKey: bytes,
      needsPin: z.boolean(),
    }),
    errors: ['token-absent', 'module-crashed', 'module-hung', 'module-missing'],
  }),
} as const;
