/**
 * The messages between the desk and a token host's process: numbered requests, one answer each. Both sides parse what they
 * get; bytes travel as Uint8Array by structured clone. No message holds a PIN but inside its seal.
 */
import { z } from 'zod';
import type { TokenFailure, TokenSnapshot } from './token-port.ts';

const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array);
const requestId = z.number().int().positive();
const sessionId = z.string().min(1).max(128);
const tokenText = z.string().max(256);

/** A signed message is signed attributes of a few hundred bytes; this is far above. */
const MAX_MESSAGE_BYTES = 1 << 20;

export const signatureScheme = z.enum([
  'rsa-pkcs1-sha256',
  'rsa-pkcs1-sha384',
  'rsa-pkcs1-sha512',
  'rsa-pss-sha256',
  'rsa-pss-sha384',
  'rsa-pss-sha512',
  'ecdsa-sha256',
  'ecdsa-sha384',
  'ecdsa-sha512',
]);

const sealedPin = z.object({ ephemeralPublicKey: bytes, nonce: bytes, ciphertext: bytes });

export const hostRequest = z.discriminatedUnion('call', [
  z.object({ id: requestId, call: z.literal('list') }),
  z.object({
    id: requestId,
    call: z.literal('open-session'),
    token: z.object({ manufacturerId: tokenText, serialNumber: tokenText, label: tokenText.optional() }),
  }),
  z.object({ id: requestId, call: z.literal('login'), sessionId, sealedPin: sealedPin.optional() }),
  z.object({
    id: requestId,
    call: z.literal('change-pin'),
    sessionId,
    sealedOld: sealedPin.optional(),
    sealedNew: sealedPin.optional(),
  }),
  z.object({
    id: requestId,
    call: z.literal('unblock'),
    sessionId,
    kind: z.enum(['user-puk', 'so']),
    sealedPuk: sealedPin.optional(),
    sealedNew: sealedPin.optional(),
  }),
  z.object({ id: requestId, call: z.literal('end-batch'), sessionId }),
  z.object({
    id: requestId,
    call: z.literal('sign'),
    sessionId,
    keyId: z.string().max(1024),
    scheme: signatureScheme,
    data: bytes.refine((data) => data.length <= MAX_MESSAGE_BYTES),
  }),
  /** Takes back a request that has not begun; never answered itself. */
  z.object({ id: requestId, call: z.literal('cancel'), target: requestId }),
  /** Ends the process after what is under way; never answered. */
  z.object({ id: requestId, call: z.literal('close') }),
]);
export type HostRequest = z.infer<typeof hostRequest>;

const pinState = z.object({
  protectedAuthenticationPath: z.boolean(),
  countLow: z.boolean(),
  finalTry: z.boolean(),
  locked: z.boolean(),
  toBeChanged: z.boolean(),
  soCountLow: z.boolean(),
  soFinalTry: z.boolean(),
  soLocked: z.boolean(),
  loginRequired: z.boolean(),
  minLength: z.number(),
  maxLength: z.number(),
});

const tokenKey = z.object({
  keyId: z.string(),
  label: z.string(),
  certificate: bytes,
  keyType: z.enum(['rsa', 'ec', 'other']),
  privateKeySeen: z.boolean(),
});

const tokenSnapshot: z.ZodType<TokenSnapshot> = z.object({
  manufacturerId: z.string(),
  serialNumber: z.string(),
  label: z.string(),
  model: z.string(),
  slotDescription: z.string(),
  pin: pinState,
  mechanisms: z.array(z.number()),
  keys: z.array(tokenKey),
  otherCertificates: z.array(bytes),
});

export const tokenErrorCode = z.enum([
  'module-missing',
  'module-wrong-architecture',
  'module-failed',
  'module-crashed',
  'module-hung',
  'module-set-aside',
  'token-absent',
  'token-removed',
  'key-absent',
  'identity-disabled',
  'mechanism-unsupported',
  'pin-incorrect',
  'pin-locked',
  'pin-expired',
  'pin-length',
  'pin-cancelled',
  'pin-unreadable',
  'pin-not-locked',
  'pin-change-unsupported',
  'login-required',
  'function-failed',
  'device-error',
  'cancelled',
  'bad-request',
]) satisfies z.ZodType<TokenFailure['code']>;

/** What a call of each kind answers with when it went well. */
export const answerValues = {
  list: z.array(tokenSnapshot),
  'open-session': z.object({ sessionId, publicKey: bytes, pin: pinState }),
  login: z.object({ pin: pinState, asksAtEachSignature: z.boolean() }),
  'change-pin': z.object({ pin: pinState }),
  unblock: z.object({ pin: pinState }),
  'end-batch': z.object({}),
  sign: bytes,
} as const;
export type AnsweredCall = keyof typeof answerValues;
export type AnswerValue<C extends AnsweredCall> = z.infer<(typeof answerValues)[C]>;

export const hostAnswer = z.discriminatedUnion('ok', [
  z.object({ id: requestId, ok: z.literal(true), value: z.unknown() }),
  z.object({
    id: requestId,
    ok: z.literal(false),
    code: tokenErrorCode,
    ckr: z.string().optional(),
    pin: pinState.optional(),
  }),
]);
export type HostAnswer = z.infer<typeof hostAnswer>;
