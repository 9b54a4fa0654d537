/** tokens change-pin, tokens unblock: one try each, both PINs entered twice before anything is sent. */
import { timingSafeEqual } from 'node:crypto';
import type { SealedPin, TokenView } from '../../preload/model.ts';
import { newPinContext, sealPin } from '../../preload/seal-pin.ts';
import type { TokenSessionOpening, Tokens } from '../tokens/index.ts';
import type { Output } from './access.ts';
import type { Arguments } from './arguments.ts';
import { CommandError, type ExitName } from './exit-codes.ts';
import { readSecret } from './pin.ts';
import { clean } from './table.ts';
import { openLocalTokens } from './token-source.ts';
import { pinWords } from './token-words.ts';
import { inWords } from './words.ts';

/** The token the flags name, or the only one. @throws CommandError token-absent, bad-input */
export function chooseToken(tokens: readonly TokenView[], args: Arguments): TokenView {
  const label = args.text('token');
  const serial = args.text('serial');
  const matching = tokens.filter(
    (token) =>
      (label === undefined || token.label === label) && (serial === undefined || token.serialNumber === serial),
  );
  const [first] = matching;
  if (!first) throw new CommandError('token-absent', inWords('token-absent'));
  if (matching.length > 1) {
    const names = matching.map((token) => `${clean(token.label)} (--serial ${clean(token.serialNumber)})`).join(', ');
    throw new CommandError('bad-input', `Several tokens are here: ${names}. Name one.`, 'usage');
  }
  return first;
}

type Send = (
  tokens: Tokens,
  session: TokenSessionOpening,
  secrets: { first: SealedPin; second: SealedPin } | undefined,
) => ReturnType<Tokens['changePin']>;

interface PinCommand {
  readonly firstQuestion: string;
  /** Said once it is done. */
  readonly done: string;
  readonly send: Send;
}

export function changePinCommand(args: Arguments, out: Output): Promise<ExitName> {
  return runPinCommand(args, out, {
    firstQuestion: 'PIN',
    done: 'The PIN is changed.',
    send: (tokens, { sessionId }, secrets) => tokens.changePin(sessionId, secrets?.first, secrets?.second),
  });
}

export function unblockCommand(args: Arguments, out: Output): Promise<ExitName> {
  const kind = args.is('so') ? 'so' : 'user-puk';
  return runPinCommand(args, out, {
    firstQuestion: kind === 'so' ? 'Security officer’s PIN' : 'PUK',
    done: 'The PIN is unblocked.',
    send: (tokens, { sessionId }, secrets) => tokens.unblock(sessionId, kind, secrets?.first, secrets?.second),
  });
}

async function runPinCommand(args: Arguments, out: Output, command: PinCommand): Promise<ExitName> {
  const { tokens, live, close } = await openLocalTokens(args);
  try {
    await live.surroundings();
    const listing = await tokens.list([]);
    const [problem] = listing.problems;
    if (listing.tokens.length === 0 && problem) throw new CommandError(problem.code, inWords(problem.code));
    const token = chooseToken(listing.tokens, args);
    const opened = await tokens.openSession(token.id);
    if (!opened.ok) throw new CommandError(opened.code, inWords(opened.code));
    const session = opened.value;
    out.say(`${clean(token.label)}, serial ${clean(token.serialNumber)}. PIN: ${pinWords(token)}.`);
    const { protectedAuthenticationPath } = session.pin;
    if (protectedAuthenticationPath) out.say('Enter the PINs at the reader or in the module’s own window.');
    const secrets = protectedAuthenticationPath ? undefined : await askSecrets(args, session, command.firstQuestion);
    const changed = await command.send(tokens, session, secrets);
    if (!changed.ok) throw new CommandError(changed.code, inWords(changed.code));
    out.result({ token: token.id, pin: changed.value.pin }, () => command.done);
    return 'done';
  } finally {
    await close();
  }
}

/** From the terminal the secret and then the new PIN, each twice; from a descriptor a line each. Nothing is sent on a difference. */
async function askSecrets(args: Arguments, session: TokenSessionOpening, firstQuestion: string) {
  const fd = args.number('pin-fd');
  const first = await askTwice(firstQuestion, fd);
  try {
    const second = await askTwice('New PIN', fd);
    const { minLength, maxLength } = session.pin;
    if (second.length < minLength || (maxLength > 0 && second.length > maxLength)) {
      second.fill(0);
      throw new CommandError(
        'pin-length',
        `The new PIN takes ${minLength} to ${maxLength} characters. Nothing was sent.`,
      );
    }
    const { sessionId, publicKey } = session;
    return {
      first: await sealPin(publicKey, sessionId, first),
      second: await sealPin(publicKey, newPinContext(sessionId), second),
    };
  } finally {
    first.fill(0);
  }
}

async function askTwice(question: string, fd: number | undefined): Promise<Uint8Array<ArrayBuffer>> {
  const secret = await readSecret(question, fd);
  if (fd !== undefined) return secret;
  const again = await readSecret(`${question} again`, fd);
  const same = again.length === secret.length && timingSafeEqual(again, secret);
  again.fill(0);
  if (same) return secret;
  secret.fill(0);
  throw new CommandError('pin-differs', inWords('pin-differs'));
}
