/** How the timestamp authorities of the settings are signed in to. What is given here is kept in the profile and never shown again. */
import { z } from 'zod';
import { authorityAccess, bytes } from '../model.ts';
import { MAX_KEY_FILE_BYTES } from '../plain.ts';
import { call, none } from './call.ts';

const url = z.string().min(1).max(2048);

export const authoritiesCalls = {
  /** Each authority that is set, in its order. */
  'authorities.list': call({ input: none, output: z.array(authorityAccess), errors: [] }),
  /** RFC 7617; for https, or this computer, alone. */
  'authorities.setPassword': call({
    input: z.object({ url, user: z.string().min(1).max(256), password: z.string().max(1024) }).strict(),
    output: none,
    errors: ['not-found', 'insecure-url', 'bad-user'],
  }),
  /** A PKCS#12 file with the certificate that an https authority is shown, and its key. */
  'authorities.setCertificate': call({
    input: z
      .object({
        url,
        fileName: z.string().min(1).max(255),
        pkcs12: bytes.refine((file) => file.length > 0 && file.length <= MAX_KEY_FILE_BYTES),
        passphrase: z.string().max(1024),
      })
      .strict(),
    output: none,
    errors: ['not-found', 'insecure-url', 'passphrase-incorrect', 'key-file-unreadable'],
  }),
  'authorities.clear': call({ input: z.object({ url }).strict(), output: none, errors: ['not-found'] }),
} as const;
