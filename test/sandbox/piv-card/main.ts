/**
 * The card as a process, to run in the network of its reader: told what to hold and do over the parent's channel. One answer to each
 * message.
 */
import { PivCard, type PivCardContent, type PivFaults } from './card.ts';
import { type CardInReader, putIntoReader } from './vpcd-link.ts';

export type CardCommand =
  | { readonly kind: 'make'; readonly content: PivCardContent; readonly port: number }
  | { readonly kind: 'insert' }
  | { readonly kind: 'eject' }
  | { readonly kind: 'faults'; readonly faults: Partial<PivFaults> }
  | { readonly kind: 'tries'; readonly tries: number }
  | { readonly kind: 'status' };

export interface CardStatus {
  readonly pinTries: number;
  readonly begun: number;
  readonly signatures: number;
  readonly verifications: number;
}

let card: PivCard | undefined;
let reader: CardInReader | undefined;

async function run(command: CardCommand): Promise<CardStatus | undefined> {
  switch (command.kind) {
    case 'make':
      card = new PivCard(command.content);
      reader = putIntoReader(card, command.port);
      break;
    case 'insert':
      await reader?.insert();
      break;
    case 'eject':
      reader?.eject();
      break;
    case 'faults':
      if (card) Object.assign(card.faults, command.faults);
      break;
    case 'tries':
      if (card) card.pinTries = command.tries;
      break;
    case 'status':
      break;
  }
  if (!card) return undefined;
  const { pinTries, begun, signatures, verifications } = card;
  return { pinTries, begun, signatures, verifications };
}

process.on('message', (command: CardCommand) => void run(command).then((status) => process.send?.(status)));
process.on('disconnect', () => process.exit(0));
