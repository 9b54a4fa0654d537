/**
 * The text of a pairing QR code: Signing Today's DeviceAuthorizationResponse as JSON, or the bare challenge typed by hand. It comes from a
 * picture anybody may have made: it is read strictly, and no address in it is ever opened.
 */
import { z } from 'zod';
import type { DeviceChallenge } from '../providers/provider.ts';

/** Far more than the vendor's own has; a QR code can carry 7089 digits. */
export const longestText = 4096;

const challenge = z.string().regex(/^[A-Za-z0-9_-]{8,200}$/);
const payload = z.object({
  userId: z.string().min(1).max(200),
  baseURL: z
    .string()
    .max(2048)
    .refine((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)),
  challenge,
});

export type ReadChallenge = DeviceChallenge | { readonly challenge: string };

/** Undefined where the text is no challenge. */
export function parseChallenge(text: string): ReadChallenge | undefined {
  if (text.length > longestText) return undefined;
  const trimmed = text.trim();
  const bare = challenge.safeParse(trimmed);
  if (bare.success) return { challenge: bare.data };
  let value: unknown;
  try {
    value = JSON.parse(trimmed);
  } catch {
    return undefined;
  }
  const read = payload.safeParse(value);
  if (!read.success) return undefined;
  return { userId: read.data.userId, baseUrl: read.data.baseURL, challenge: read.data.challenge };
}

/** What the QR code of a challenge says. */
export function formatChallenge({ userId, baseUrl, challenge: secret }: DeviceChallenge): string {
  return JSON.stringify({ userId, baseURL: baseUrl, challenge: secret });
}
