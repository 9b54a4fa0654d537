/** The flags of `sign FILE…` that say where the mark goes and what is on it. */
import { readFile } from 'node:fs/promises';
import type { DocMdpLevel, MarkLayout, PlaceBox } from '../pades/index.ts';
import type { Arguments } from './arguments.ts';
import { CommandError } from './exit-codes.ts';

const RECT = /^(-?[\d.]+),(-?[\d.]+),([\d.]+),([\d.]+)$/;
const corners = ['top-left', 'top-right', 'bottom-left', 'bottom-right'] as const;
const layouts: readonly MarkLayout[] = ['image-left', 'image-top', 'text-only', 'image-only'];

/** One of the values, or the first where the flag is missing. */
function oneOf<T extends string>(
  args: Arguments,
  flag: 'unit' | 'corner' | 'layout',
  values: readonly T[],
): T | undefined {
  const given = args.text(flag);
  const found = values.find((value) => value === given);
  if (given !== undefined && found === undefined) {
    throw new CommandError('bad-input', `--${flag} takes ${values.join(', ')}.`, 'usage');
  }
  return found;
}

/** --page, --rect x,y,width,height, --unit percent|pt and --corner, as the page is displayed. */
export function boxOf(args: Arguments): PlaceBox | undefined {
  const rect = args.text('rect');
  if (rect === undefined) return undefined;
  const match = RECT.exec(rect);
  if (!match) throw new CommandError('bad-input', '--rect takes x,y,width,height.', 'usage');
  const [x = 0, y = 0, width = 0, height = 0] = match.slice(1).map(Number);
  const box = { page: args.number('page') ?? 1, x, y, width, height };
  if (oneOf(args, 'unit', ['percent', 'pt']) !== 'pt') {
    if (args.text('corner') !== undefined)
      throw new CommandError('bad-input', '--corner goes with --unit pt.', 'usage');
    return box;
  }
  return { ...box, unit: 'pt', corner: oneOf(args, 'corner', corners) ?? 'top-left' };
}

export interface MarkFlags {
  readonly box: PlaceBox | undefined;
  readonly location: string | undefined;
  readonly image: Uint8Array | undefined;
  readonly layout: MarkLayout | undefined;
  /** A line each; a line break may be written as \\n. */
  readonly template: string | undefined;
  readonly role: string | undefined;
  readonly certify: DocMdpLevel | undefined;
}

function certifyOf(args: Arguments): DocMdpLevel | undefined {
  const level = args.number('certify');
  if (level === undefined || level === 1 || level === 2 || level === 3) return level;
  throw new CommandError('bad-input', '--certify takes 1, 2 or 3.', 'usage');
}

/** @throws CommandError usage; the system's error where --image cannot be read */
export async function markFlags(args: Arguments): Promise<MarkFlags> {
  const image = args.text('image');
  return {
    box: boxOf(args),
    location: args.text('location'),
    template: args.text('mark-text')?.replaceAll('\\n', '\n'),
    role: args.text('signer-role'),
    certify: certifyOf(args),
    layout: oneOf(args, 'layout', layouts),
    image: image === undefined ? undefined : await readFile(image),
  };
}
