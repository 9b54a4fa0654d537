/**
 * What a start of the app asks for by its arguments: a `countersign://open/<transaction id>` link, or PDF files to open. Anything
 * may stand in a link; only what is understood is taken from it.
 */
import { isAbsolute, resolve } from 'node:path';

export interface LaunchRequest {
  readonly transactionId?: string;
  readonly paths?: readonly string[];
}

const SCHEME = 'countersign:';
const MOST_FILES = 100;
const MOST_ID_LENGTH = 512;

/** The transaction a link leads to; undefined for a link that leads nowhere. */
export function readLink(link: string): string | undefined {
  if (!URL.canParse(link)) return undefined;
  const { protocol, host, pathname } = new URL(link);
  if (protocol !== SCHEME || host !== 'open') return undefined;
  try {
    const id = decodeURIComponent(pathname.slice(1));
    return id !== '' && id.length <= MOST_ID_LENGTH && !/\p{Cc}/u.test(id) ? id : undefined;
  } catch {
    return undefined;
  }
}

/**
 * @param args the command's arguments; flags and what is neither link nor PDF are passed over
 * @param cwd the folder relative paths are of
 */
export function readLaunch(args: readonly string[], cwd: string): LaunchRequest {
  const plain = args.filter((arg) => !arg.startsWith('-'));
  const transactionId = plain.map(readLink).find((id) => id !== undefined);
  const paths = plain
    .filter((arg) => /\.pdf$/i.test(arg) && !arg.includes('://'))
    .slice(0, MOST_FILES)
    .map((path) => (isAbsolute(path) ? path : resolve(cwd, path)));
  return {
    ...(transactionId === undefined ? {} : { transactionId }),
    ...(paths.length > 0 ? { paths } : {}),
  };
}
