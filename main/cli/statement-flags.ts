/** The flags of `sign` that state a commitment, where the signer is, and the policy signed under. */

import type { CommitmentName, Statements } from '../../preload/model.ts';
import {
  commitments,
  isObjectIdentifier,
  type SignaturePolicy,
  type SignerLocation,
  type SignerStatements,
} from '../pades/index.ts';
import type { Arguments } from './arguments.ts';
import { CommandError } from './exit-codes.ts';
import { inWords } from './words.ts';

const usage = (message: string) => new CommandError('bad-input', message, 'usage');

/** --commitment NAME|OID. */
function commitmentOf(args: Arguments): string | undefined {
  const given = args.text('commitment');
  if (given === undefined || isObjectIdentifier(given)) return given;
  const known = Object.entries(commitments).find(([name]) => name === given);
  if (!known) throw usage(`--commitment takes ${Object.keys(commitments).join(', ')} or an object identifier.`);
  return known[1];
}

const MAX_ADDRESS_LINES = 6;

/** --signer-location COUNTRY;LOCALITY;ADDRESS LINE;…, each of which may be empty. */
function locationOf(args: Arguments): SignerLocation | undefined {
  const given = args.text('signer-location');
  if (given === undefined) return undefined;
  const [country = '', locality = '', ...lines] = given.split(';').map((part) => part.trim());
  const postalAddress = lines.filter((line) => line !== '');
  const isEmpty = country === '' && locality === '' && postalAddress.length === 0;
  if (isEmpty || !/^([A-Z]{2})?$/.test(country) || postalAddress.length > MAX_ADDRESS_LINES) {
    throw usage('--signer-location takes COUNTRY;LOCALITY;ADDRESS LINE;…, the country by its two letters.');
  }
  return {
    ...(country === '' ? {} : { country }),
    ...(locality === '' ? {} : { locality }),
    ...(postalAddress.length === 0 ? {} : { postalAddress }),
  };
}

/** By the digits of the hash. */
const hashes: Readonly<Record<number, SignaturePolicy['hash']['algorithm']>> = {
  64: 'sha256',
  96: 'sha384',
  128: 'sha512',
};

/** --policy OID:HASH in hex, --policy-uri URI. */
function policyOf(args: Arguments): SignaturePolicy | undefined {
  const given = args.text('policy');
  const uri = args.text('policy-uri');
  if (given === undefined) {
    if (uri !== undefined) throw usage('--policy-uri goes with --policy.');
    return undefined;
  }
  const [id = '', digits = '', ...more] = given.split(':');
  const algorithm = hashes[digits.length];
  if (!isObjectIdentifier(id) || !algorithm || !/^[0-9a-f]+$/i.test(digits) || more.length > 0) {
    throw usage('--policy takes OID:HASH, the hash of the policy by SHA-256, SHA-384 or SHA-512 in hex.');
  }
  if (uri !== undefined && !/^[\x21-\x7e]+$/.test(uri)) throw usage('--policy-uri takes an address in ASCII.');
  return { id, hash: { algorithm, value: Buffer.from(digits, 'hex') }, ...(uri === undefined ? {} : { uri }) };
}

/**
 * @returns undefined where nothing is stated
 * @throws CommandError usage; reason-excluded before any PIN is asked for
 */
export function statementFlags(args: Arguments): SignerStatements | undefined {
  const [commitment, location, policy] = [commitmentOf(args), locationOf(args), policyOf(args)];
  if (!commitment && !location && !policy) return undefined;
  if (!args.is('cades') && (commitment || policy) && (args.text('reason') ?? '') !== '') {
    throw new CommandError('reason-excluded', inWords('reason-excluded'));
  }
  return { commitment, location, policy };
}

const isNamed = (name: string): name is CommitmentName => Object.hasOwn(commitments, name);

/**
 * For requests of the inbox, which know the commitments by their names, and of a place its country and town. Whether a reason goes with them is
 * for the request to say: it may have the sender's, or be signed as CAdES.
 * @returns undefined where nothing is stated
 * @throws CommandError usage
 */
export function requestStatements(args: Arguments): Statements | undefined {
  const commitment = args.text('commitment');
  if (commitment !== undefined && !isNamed(commitment))
    throw usage(`--commitment takes ${Object.keys(commitments).join(', ')}; an identifier of one's own is for files.`);
  const [location, policy] = [locationOf(args), policyOf(args)];
  if (location?.postalAddress) throw usage('--signer-location takes COUNTRY;LOCALITY; address lines are for files.');
  if (!commitment && !location && !policy) return undefined;
  const { country, locality } = location ?? {};
  return {
    ...(commitment ? { commitment } : {}),
    ...(location ? { location: { ...(country ? { country } : {}), ...(locality ? { locality } : {}) } } : {}),
    ...(policy ? { policy: inContract(policy) } : {}),
  };
}

const inContract = ({ id, hash, uri }: SignaturePolicy): NonNullable<Statements['policy']> => ({
  id,
  algorithm: hash.algorithm,
  hash: hash.value,
  ...(uri === undefined ? {} : { uri }),
});
