/** The person's signature marks; their images are kept in the profile's encrypted database. */
import { z } from 'zod';
import { bytes, signatureMark } from '../model.ts';
import { MAX_MARK_BYTES } from '../plain.ts';
import { call, id, none } from './call.ts';

export const marksCalls = {
  /** The preferred one first, then the newest. */
  'marks.list': call({ input: none, output: z.array(signatureMark), errors: [] }),
  /** The mark's PNG or JPEG file. */
  'marks.image': call({ input: z.object({ markId: id }).strict(), output: bytes, errors: ['not-found'] }),
  /** Keeps a mark; the first one is preferred at once. `mark-unreadable`: no PNG or JPEG that a PDF can take. */
  'marks.add': call({
    input: z
      .object({
        kind: signatureMark.shape.kind,
        label: z.string().trim().min(1).max(120),
        image: bytes.refine((image) => image.length > 0 && image.length <= MAX_MARK_BYTES),
      })
      .strict(),
    output: signatureMark,
    errors: ['mark-unreadable', 'too-many-marks', 'storage'],
  }),
  'marks.remove': call({ input: z.object({ markId: id }).strict(), output: none, errors: ['not-found'] }),
  /** Missing `markId`: signatures get no mark unless one is chosen. */
  'marks.prefer': call({ input: z.object({ markId: id.optional() }).strict(), output: none, errors: ['not-found'] }),
} as const;
