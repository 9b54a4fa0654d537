/** What may be chosen for a signature beside card and PIN, and what is chosen until the person says otherwise. */
import type { BatchChoices, SignatureLevel } from '../../../preload/model.ts';
import type { ChosenRequest } from './requests.ts';

export const levels = ['B-B', 'B-T', 'B-LT', 'B-LTA'] as const satisfies readonly SignatureLevel[];

export interface SignDefaults {
  /** The least level that what is to be signed asks for. */
  readonly level: SignatureLevel;
  /** The reason that is given with each, where it is the same; undefined where they differ. */
  readonly reason: string | undefined;
}

export function requestDefaults(requests: readonly Pick<ChosenRequest, 'reason' | 'withTimestamp'>[]): SignDefaults {
  const reasons = new Set(requests.map(({ reason }) => reason));
  const [reason] = reasons;
  return {
    level: requests.some(({ withTimestamp }) => withTimestamp) ? 'B-T' : 'B-B',
    reason: reasons.size <= 1 ? (reason ?? '') : undefined,
  };
}

/** The level to begin with: what is asked for, and a timestamp wherever there is an authority for it. */
export function firstLevel({ level }: SignDefaults, hasAuthority: boolean): SignatureLevel {
  return level === 'B-B' && hasAuthority ? 'B-T' : level;
}

/** A level that can be chosen: not below what is asked for, and with a timestamp only where an authority is set. */
export function isOffered(level: SignatureLevel, { level: least }: SignDefaults, hasAuthority: boolean): boolean {
  if (levels.indexOf(level) < levels.indexOf(least)) return false;
  return level === 'B-B' || hasAuthority || level === least;
}

export interface SignOptions {
  readonly level: SignatureLevel;
  /** Undefined: as it is with each. */
  readonly reason: string | undefined;
  readonly location: string;
  /** Undefined: text alone. */
  readonly markId: string | undefined;
}

export function toChoices({ level, reason, location, markId }: SignOptions): BatchChoices {
  return {
    level,
    ...(reason === undefined ? {} : { reason: reason.trim() }),
    ...(location.trim() === '' ? {} : { location: location.trim() }),
    mark: markId === undefined ? { layout: 'text-only' } : { layout: 'image-left', markId },
  };
}
