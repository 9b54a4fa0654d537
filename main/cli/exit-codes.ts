/** What the command line's exit code says; documented in docs/command-line.md. */
export const exitCodes = {
  done: 0,
  internal: 1,
  usage: 2,
  /** Something was asked for that did not come about for every document; the output says which. */
  incomplete: 3,
  pin: 4,
  token: 5,
  network: 6,
  input: 7,
  profile: 8,
  'not-found': 9,
} as const;
export type ExitName = keyof typeof exitCodes;

const byCode: Readonly<Record<string, ExitName>> = {
  'bad-input': 'usage',
  'bad-setting': 'usage',
  'reason-excluded': 'usage',
  'not-found': 'not-found',
  'pin-incorrect': 'pin',
  'pin-locked': 'pin',
  'pin-length': 'pin',
  'pin-expired': 'pin',
  'pin-unreadable': 'pin',
  'pin-cancelled': 'pin',
  'pin-not-locked': 'pin',
  'pin-change-unsupported': 'pin',
  'token-absent': 'token',
  'token-removed': 'token',
  'identity-disabled': 'token',
  'key-absent': 'token',
  'module-missing': 'token',
  'module-wrong-architecture': 'token',
  'module-failed': 'token',
  'function-failed': 'token',
  'device-error': 'token',
  'login-required': 'pin',
  'pin-differs': 'pin',
  'module-crashed': 'token',
  'module-hung': 'token',
  'module-set-aside': 'token',
  offline: 'network',
  tls: 'network',
  'certificate-expired': 'network',
  'certificate-untrusted': 'network',
  'wrong-host': 'network',
  'wrong-state': 'incomplete',
  'bad-plan': 'usage',
  'server-error': 'network',
  'bad-response': 'network',
  'rate-limited': 'network',
  'sign-in-refused': 'network',
  'sign-in-expired': 'network',
  'insecure-url': 'network',
  refused: 'network',
  'other-person': 'network',
  'username-needed': 'usage',
  'challenge-refused': 'network',
  'challenge-unreadable': 'input',
  'challenge-foreign': 'input',
  'challenge-other-person': 'input',
  'bad-user': 'usage',
  'passphrase-incorrect': 'pin',
  'key-file-unreadable': 'input',
  'qr-not-found': 'input',
  'not-a-pdf': 'input',
  damaged: 'input',
  encrypted: 'input',
  'password-needed': 'input',
  limit: 'input',
  ENOENT: 'input',
  EACCES: 'input',
  EISDIR: 'input',
  'profile-locked': 'profile',
  'wrong-key': 'profile',
  'newer-version': 'profile',
  'secret-elsewhere': 'profile',
  'disk-full': 'profile',
  'read-only': 'profile',
  'profile-damaged': 'profile',
  'signed-copy-damaged': 'profile',
  'store-interrupted': 'profile',
  'store-closed': 'profile',
  'secret-unreadable': 'profile',
};

/** The exit an error code leads to; `incomplete` for codes that speak of one document. */
export function exitFor(code: string): ExitName {
  return byCode[code] ?? (code === 'internal' ? 'internal' : 'incomplete');
}

/** An error that ends the command, in words for the person. */
export class CommandError extends Error {
  readonly exit: ExitName;
  readonly code: string;
  constructor(code: string, message: string, exit: ExitName = exitFor(code)) {
    super(message);
    this.name = 'CommandError';
    this.code = code;
    this.exit = exit;
  }
}
