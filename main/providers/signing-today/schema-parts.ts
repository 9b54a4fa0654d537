/**
 * What the shapes of Signing Today's answers are made of. Unknown fields are kept by `looseObject`; `null` counts as missing. Parsing also
 * translates: ids to text, numbers that came as text, times to epoch milliseconds.
 */
import { z } from 'zod';
import { parseTimestamp } from './timestamps.ts';

export const id = z.union([z.string().min(1).max(200), z.number().int()]).transform(String);

export const timestamp = z.string().transform((text, context) => {
  const at = parseTimestamp(text);
  if (at !== undefined) return at;
  context.issues.push({ code: 'custom', message: 'not a timestamp', input: text });
  return z.NEVER;
});

export const number = z.union([
  z.number(),
  z
    .string()
    .regex(/^\s*[+-]?(\d+([.,]\d*)?|[.,]\d+)\s*$/)
    .transform((text) => Number(text.replace(',', '.'))),
]);

/** An optional field; `null` is as good as missing. */
export function maybe<T extends z.ZodType>(schema: T) {
  return schema.nullish().transform((value) => value ?? undefined);
}

export function list<T extends z.ZodType>(schema: T) {
  return z
    .array(schema)
    .max(10_000)
    .nullish()
    .transform((value) => value ?? []);
}

export const flag = z
  .boolean()
  .nullish()
  .transform((value) => value ?? false);

/** A field of free content; what in it has another type than hoped for is passed over. */
export const extraData = z.looseObject({}).nullish().catch(undefined);
