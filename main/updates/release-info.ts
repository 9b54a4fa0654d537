/** The list of releases as electron-builder writes it beside a package: `latest.yml`, `latest-mac.yml`, `latest-linux.yml` (its generic provider). */
import { gt, valid } from 'semver';
import { parse } from 'yaml';
import { z } from 'zod';

/** A list is some hundred bytes; what is larger is something else. */
export const MAX_LIST_BYTES = 64 * 1024;

const list = z.object({
  version: z
    .string()
    .max(64)
    .refine((version) => valid(version) !== null),
  releaseDate: z.union([z.iso.datetime({ offset: true }), z.date()]).optional(),
});

export interface Release {
  readonly version: string;
  /** Epoch milliseconds. */
  readonly releasedAt?: number;
}

/** The list's name for a system and processor (Node's `process.platform` and `process.arch`). */
export function listName(platform: string, arch: string): string {
  if (platform === 'win32') return 'latest.yml';
  if (platform === 'darwin') return 'latest-mac.yml';
  return arch === 'x64' ? 'latest-linux.yml' : `latest-linux-${arch}.yml`;
}

/** @param than of a build; one that is no version is older than any */
export const isNewer = (version: string, than: string): boolean => valid(than) === null || gt(version, than);

/** Undefined for what is no such list. */
export function parseReleaseInfo(bytes: Uint8Array): Release | undefined {
  if (bytes.length > MAX_LIST_BYTES) return undefined;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    // An alias stands for what may stand for more again: such a list has none.
    const parsed = list.safeParse(parse(text, { maxAliasCount: 0, logLevel: 'silent' }));
    if (!parsed.success) return undefined;
    const { version, releaseDate } = parsed.data;
    return releaseDate === undefined ? { version } : { version, releasedAt: new Date(releaseDate).getTime() };
  } catch {
    return undefined;
  }
}
