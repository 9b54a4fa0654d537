/**
 * The app's log: JSON lines through pino, to a file only this person can read, or nowhere. Secrets never reach it: values
 * under a telling name are blanked at any depth, bytes are counted instead of shown, errors give code and stack frames but no words.
 */
import { type DestinationStream, destination, type Logger as PinoLogger, pino } from 'pino';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';
export type LogFields = Readonly<Record<string, unknown>>;

export interface Logger {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
  /** A logger whose lines all carry `fields`. */
  child(fields: LogFields): Logger;
  /** Writes what is left and closes the file; of a child, does nothing. */
  close(): Promise<void>;
}

const blanked = '[redacted]';
const depthLimit = 8;

/** Compared without case, `-` and `_`: `refresh_token`, `refreshToken` and `Refresh-Token` are one name. */
const secretName =
  /^(authorization|proxyauthorization|cookie|setcookie|pin|sealedpin|puk|passphrase|credentials?|signature)$|password|passwd|token$|tokens$|secret|apikey|privatekey|personalcode|fiscalcode/;
const shownDespite = /^(tokenid|tokenlabel)$/;
const secretInText = /\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]+/gi;

function isSecret(name: string): boolean {
  const plain = name.toLowerCase().replace(/[-_]/g, '');
  return secretName.test(plain) && !shownDespite.test(plain);
}

/** An error's names, codes and stack frames; its message may quote a response, a path or a document, and stays out. */
function describeError(error: Error, depth: number): Record<string, unknown> {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const status = 'status' in error && typeof error.status === 'number' ? error.status : undefined;
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  const cause = error.cause instanceof Error && depth > 0 ? describeError(error.cause, depth - 1) : undefined;
  return {
    name: error.name,
    ...(code === undefined ? {} : { code }),
    ...(status === undefined ? {} : { status }),
    frames: frames.slice(0, 12).map((line) => line.trim()),
    ...(cause === undefined ? {} : { cause }),
  };
}

/** A copy of `value` that is safe to write down. Cycles and deep nests end in a mark. */
export function redact(value: unknown, depth = depthLimit): unknown {
  if (value instanceof Error) return describeError(value, depth);
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`;
  if (typeof value === 'string') return value.replace(secretInText, `$1 ${blanked}`);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (depth === 0) return '[deep]';
  if (Array.isArray(value)) return value.map((item) => redact(item, depth - 1));
  if (value instanceof Date) return value.toISOString();
  const copy: Record<string, unknown> = {};
  for (const [name, inner] of Object.entries(value)) {
    copy[name] = isSecret(name) && inner !== undefined && inner !== null ? blanked : redact(inner, depth - 1);
  }
  return copy;
}

function redactFields(fields: object): Record<string, unknown> {
  return redact(fields) as Record<string, unknown>;
}

/**
 * Opens the log. Without a destination, or at level `silent`, nothing is written anywhere.
 * Lines are written at once, so that a crash loses none. The file is made with mode 0600, its folder where missing.
 * @throws where the file cannot be opened
 */
export function createLogger(options: { destination?: string; level: LogLevel }): Logger {
  if (options.destination === undefined || options.level === 'silent') return wrap(pino({ level: 'silent' }));
  const file = destination({ dest: options.destination, sync: true, mkdir: true, mode: 0o600 });
  const closed = new Promise<void>((resolve) => file.once('close', () => resolve()));
  return wrap(writingTo(file, options.level), async () => {
    file.end();
    await closed;
  });
}

function writingTo(stream: DestinationStream, level: LogLevel): PinoLogger {
  return pino(
    {
      level,
      base: { pid: process.pid },
      messageKey: 'event',
      timestamp: pino.stdTimeFunctions.isoTime,
      // pino would give errors its own serializer first, which writes the message.
      serializers: { err: redact, error: redact },
      formatters: { level: (label) => ({ level: label }), log: redactFields, bindings: redactFields },
    },
    stream,
  );
}

function wrap(log: PinoLogger, close?: () => Promise<void>): Logger {
  const write =
    (level: Exclude<LogLevel, 'silent'>) =>
    (event: string, fields: LogFields = {}) => {
      try {
        log[level](fields, '%s', redact(event));
      } catch {
        // A full disk must not end what was only to be noted.
      }
    };
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    child: (fields) => wrap(log.child(redactFields(fields))),
    close: async () => close?.(),
  };
}
