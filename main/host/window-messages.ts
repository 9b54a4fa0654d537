/** What the Chromium host and its window driver say to each other over their process channel (structured clone). */
import type { Host, HostErrorCode, Sender } from './host.ts';

export interface WindowOptions {
  readonly rendererDir: string;
  readonly executablePath: string;
  readonly headless: boolean;
}

export type ToDriver =
  | { readonly kind: 'open'; readonly options: WindowOptions }
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'emit'; readonly event: string; readonly payload: unknown }
  | { readonly kind: 'notify'; readonly notice: Parameters<Host['notify']>[0] }
  | { readonly kind: 'camera'; readonly on: boolean }
  | { readonly kind: 'focus' }
  /** Show the system's dialog for a file; answered with `chosen`. */
  | { readonly kind: 'choose-path' }
  | { readonly kind: 'close' };

export type FromDriver =
  /** The camera is as it was asked for. */
  | { readonly kind: 'camera-set' }
  | { readonly kind: 'opened'; readonly browserPid: number | undefined }
  | { readonly kind: 'chosen'; readonly path: string | undefined }
  | { readonly kind: 'failed'; readonly code: HostErrorCode; readonly detail: string }
  | {
      readonly kind: 'call';
      readonly id: number;
      readonly sender: Sender;
      readonly name: string;
      readonly input: unknown;
    };
