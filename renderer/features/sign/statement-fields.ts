/** A signature's statements as a person types them, and what they come to. */
import type { CommitmentName, Statements } from '../../../preload/model.ts';
import { stated } from '../../../preload/plain.ts';

export interface StatementFields {
  readonly commitment: CommitmentName | undefined;
  readonly country: string;
  readonly locality: string;
  readonly policyId: string;
  /** In hex. */
  readonly policyHash: string;
  readonly policyUri: string;
}

export const noStatements: StatementFields = {
  commitment: undefined,
  country: '',
  locality: '',
  policyId: '',
  policyHash: '',
  policyUri: '',
};

export type StatementProblem = 'country' | 'policyId' | 'policyHash' | 'policyUri';

export type ReadStatements =
  | { readonly ok: true; readonly statements: Statements | undefined }
  | { readonly ok: false; readonly problem: StatementProblem };

/** By the digits of the hash. */
const algorithms = new Map([
  [64, 'sha256'],
  [96, 'sha384'],
  [128, 'sha512'],
] as const);

const unhex = (digits: string) => Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

function readPlace({ country, locality }: StatementFields): Statements['location'] | 'country' {
  const [code, town] = [country.trim().toUpperCase(), locality.trim()];
  if (code === '' && town === '') return undefined;
  const isFine = (code === '' || stated.country.test(code)) && (town === '' || stated.town.test(town));
  if (!isFine) return 'country';
  return { ...(code === '' ? {} : { country: code }), ...(town === '' ? {} : { locality: town }) };
}

function readPolicy(fields: StatementFields): Statements['policy'] | StatementProblem {
  const [id, digits, uri] = [fields.policyId.trim(), fields.policyHash.replace(/[\s:]/g, ''), fields.policyUri.trim()];
  if (id === '' && digits === '' && uri === '') return undefined;
  if (!stated.dottedIdentifier.test(id)) return 'policyId';
  const algorithm = (algorithms as ReadonlyMap<number, 'sha256' | 'sha384' | 'sha512'>).get(digits.length);
  if (!algorithm || !/^[0-9a-f]+$/i.test(digits)) return 'policyHash';
  if (uri !== '' && !stated.policyUri.test(uri)) return 'policyUri';
  return { id, algorithm, hash: unhex(digits), ...(uri === '' ? {} : { uri }) };
}

export function readStatements(fields: StatementFields): ReadStatements {
  const [location, policy] = [readPlace(fields), readPolicy(fields)];
  if (typeof location === 'string') return { ok: false, problem: location };
  if (typeof policy === 'string') return { ok: false, problem: policy };
  const { commitment } = fields;
  if (!commitment && !location && !policy) return { ok: true, statements: undefined };
  const statements = {
    ...(commitment ? { commitment } : {}),
    ...(location ? { location } : {}),
    ...(policy ? { policy } : {}),
  };
  return { ok: true, statements };
}

/** The call's part of it. */
export function statedIn(fields: StatementFields): { readonly statements?: Statements } {
  const read = readStatements(fields);
  return read.ok && read.statements ? { statements: read.statements } : {};
}
