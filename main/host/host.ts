/** What shows the window, or nothing: the port between the desk and Electron, an installed Chromium or the command line. */
import type { ChildProcessPort } from '../../native/token-port.ts';
import type { WatchSystem } from './system-watch.ts';

export interface SecretStore {
  /** `system`: the system's keyring; `key-file`: a 0600 file outside the profile; `memory`: gone with the process. */
  readonly kind: 'system' | 'key-file' | 'memory';
  /** @throws HostError secret-unreadable where the secret is there but this host cannot open it */
  read(name: string): Promise<Uint8Array | undefined>;
  /** Keeps a secret under a name that has none yet; one that is there stays: read it to know which it is. */
  write(name: string, secret: Uint8Array): Promise<void>;
}

/** Who made a call: checked before its input is parsed. */
export interface Sender {
  /** `app://countersign` for Electron's window, `https://countersign.localhost` for Chromium's; `local` for the command line on the same process or socket. */
  readonly origin: string;
  readonly isMainFrame: boolean;
}

export type WindowCallHandler = (sender: Sender, name: string, input: unknown) => Promise<unknown>;

export interface HostWindow {
  emit(event: string, payload: unknown): void;
  focus(): void;
  close(): Promise<void>;
  /** Resolves when the person closed it. */
  readonly closed: Promise<void>;
}

/** The processes and threads the app starts, by name; each host knows where its built or source file lies. */
export type ProcessEntry = 'token-host' | 'pcsc-host';

export interface Host {
  readonly kind: 'electron' | 'chromium' | 'headless';
  readonly secrets: SecretStore;
  /** @param mayShow the window stays hidden, where the host can hide it, until this resolves; for ever where it rejects */
  openWindow(onCall: WindowCallHandler, mayShow?: Promise<unknown>): Promise<HostWindow>;
  /** Asks where to save; undefined where the person cancelled or there is nobody to ask. */
  chooseSavePath(suggestedName: string): Promise<string | undefined>;
  /** Asks for files, or a folder of them; none where the person cancelled, undefined where this host has no dialog for it. */
  chooseFiles(kind: 'files' | 'folder'): Promise<readonly string[] | undefined>;
  /** Asks where results go; undefined where the person cancelled or there is nobody to ask. */
  chooseFolder(): Promise<string | undefined>;
  /** Shows a file in the system's file manager; nothing where there is none. */
  showFile(path: string): void;
  /**
   * Asks for the one file that is to be trusted with something: a card's software, certificates. Undefined where the person cancelled.
   * @throws HostError no-module-dialog where there is nobody to ask
   */
  choosePath(): Promise<string | undefined>;
  /** Says something on the desktop; a click on it opens the transaction in the window, where one is named. */
  notify(notice: { readonly title: string; readonly body: string; readonly transactionId?: string }): void;
  /** Shows how much waits on the app's own sign, where the system has one for it. */
  showWaiting?(count: number): void;
  /** Lets the window use the camera, for two minutes at most, or not any more; false where there is none to allow. */
  allowCamera(on: boolean): Promise<boolean>;
  /** Hears of a locked screen, sleep, absence and battery; where nothing tells of sleep, it is seen by the clock. */
  readonly watchSystem: WatchSystem;
  startProcess(entry: ProcessEntry, args: readonly string[]): ChildProcessPort;
}

export type HostErrorCode = 'secret-unreadable' | 'no-window' | 'no-browser' | 'no-module-dialog' | 'process-failed';

export class HostError extends Error {
  readonly code: HostErrorCode;
  constructor(code: HostErrorCode, cause?: unknown) {
    super(`host: ${code}`, { cause });
    this.name = 'HostError';
    this.code = code;
  }
}
