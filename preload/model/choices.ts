/** What a person may choose for their signatures, in the inbox and over files of their own. */
import { z } from 'zod';
import { percentBox } from './basics.ts';

/** PAdES and CAdES baseline levels (ETSI EN 319 142-1, EN 319 122-1). */
export const signatureLevel = z.enum(['B-B', 'B-T', 'B-LT', 'B-LTA']);
export type SignatureLevel = z.infer<typeof signatureLevel>;

export const markLayout = z.enum(['image-left', 'image-top', 'text-only', 'image-only']);

/** Looks of the visible mark. */
export const markChoice = z
  .object({
    layout: markLayout.optional(),
    /** One of the person's marks, for its image. */
    markId: z.string().min(1).max(512).optional(),
    /**
     * The mark's text in place of its own lines, a line each; `{name}`, `{date}`, `{reason}`, `{location}`, `{role}` and `{serial}` are
     * replaced, and a line of nothing but empty ones is left out.
     */
    template: z.string().max(1000).optional(),
    /** The signer's role, for the mark. */
    role: z.string().max(200).optional(),
  })
  .strict();
export type MarkChoice = z.infer<typeof markChoice>;

/** Where the mark goes: a box on the page, or nowhere. */
export const placeChoice = z.union([percentBox, z.literal('invisible')]);
export type PlaceChoice = z.infer<typeof placeChoice>;

/** What holds for a whole batch. What is left out is as the request and the settings have it. */
export const batchChoices = z
  .object({
    /** The least level; a request that wants a timestamp gets one all the same. */
    level: signatureLevel.optional(),
    reason: z.string().max(1000).optional(),
    location: z.string().max(500).optional(),
    mark: markChoice.optional(),
  })
  .strict();
export type BatchChoices = z.infer<typeof batchChoices>;
