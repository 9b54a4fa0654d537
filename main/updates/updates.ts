/**
 * Looks for a newer version where the person or the administrator says releases are listed, at most once a day by itself. Nothing is
 * fetched but the list, and nothing is installed: that stays with whoever installed this version.
 */
import type { Clock } from '../platform/clock.ts';
import { HttpError, type HttpPort, type HttpRequest } from '../platform/http.ts';
import type { Release } from './release-info.ts';

export interface UpdatesDeps {
  readonly http: Pick<HttpPort, 'request'>;
  readonly clock: Clock;
  /** Of this app; one that is no version (a development build's) is older than any. */
  readonly version: string;
  readonly settings: () => { readonly updateAddress?: string | undefined };
  readonly platform: string;
  readonly arch: string;
  /** Told once of each newer version that was found by itself. */
  readonly found: (release: Release) => void;
}

export type UpdatesErrorCode = 'no-update-address' | 'no-release-list';

export class UpdatesError extends Error {
  readonly code: UpdatesErrorCode;
  constructor(code: UpdatesErrorCode) {
    super(`updates: ${code}`);
    this.name = 'UpdatesError';
    this.code = code;
  }
}

export interface Updates {
  /**
   * The newer version, or undefined where this is the newest.
   * @throws UpdatesError; HttpError
   */
  check(signal?: AbortSignal): Promise<Release | undefined>;
  /** Looks now and every day from then on. */
  start(): void;
  stop(): Promise<void>;
}

const DAY_MS = 24 * 60 * 60_000;
const TIMEOUT_MS = 15_000;

export function createUpdates(deps: UpdatesDeps): Updates {
  const { http, clock } = deps;
  const ending = new AbortController();
  const told = new Set<string>();
  let running: Promise<void> | undefined;

  /** What is too long, or cut short, is no list either. */
  async function ask(request: HttpRequest) {
    try {
      return await http.request(request);
    } catch (error) {
      const isNoList = error instanceof HttpError && ['too-large', 'cut-short'].includes(error.code);
      throw isNoList ? new UpdatesError('no-release-list') : error;
    }
  }

  async function check(signal?: AbortSignal): Promise<Release | undefined> {
    const { updateAddress } = deps.settings();
    if (updateAddress === undefined) throw new UpdatesError('no-update-address');
    // Nobody waits at the start of the app for what is wanted once a day.
    const { isNewer, listName, MAX_LIST_BYTES, parseReleaseInfo } = await import('./release-info.ts');
    const folder = updateAddress.endsWith('/') ? updateAddress : `${updateAddress}/`;
    const { status, body } = await ask({
      method: 'GET',
      url: new URL(listName(deps.platform, deps.arch), folder).href,
      timeoutMs: TIMEOUT_MS,
      maxResponseBytes: MAX_LIST_BYTES,
      ...(signal ? { signal } : {}),
    });
    const release = status === 200 ? parseReleaseInfo(body) : undefined;
    if (!release) throw new UpdatesError('no-release-list');
    return isNewer(release.version, deps.version) ? release : undefined;
  }

  async function look(): Promise<void> {
    const release = await check(ending.signal);
    if (!release || told.has(release.version)) return;
    told.add(release.version);
    deps.found(release);
  }

  async function everyDay(): Promise<void> {
    while (!ending.signal.aborted) {
      // What does not answer today may tomorrow; the settings page says what is wrong to who asks there.
      await look().catch(() => undefined);
      await clock.delay(DAY_MS, ending.signal).catch(() => undefined);
    }
  }

  return {
    check,
    start() {
      running ??= everyDay();
    },
    async stop() {
      ending.abort();
      await running;
    },
  };
}
