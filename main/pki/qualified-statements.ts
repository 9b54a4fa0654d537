/** Qualified certificate statements (RFC 3739, 3.2.6; ETSI EN 319 412-5, 4.2 and 4.3): what the issuer states, not whether it may. */
import { childrenOf, Fields, readElement, tags } from './der.ts';
import { readOid } from './der-values.ts';
import { PkiError, type QualifiedStatements, type QualifiedType } from './port.ts';

const statements = {
  compliance: '0.4.0.1862.1.1',
  qscd: '0.4.0.1862.1.4',
  type: '0.4.0.1862.1.6',
  legislation: '0.4.0.1862.1.7',
} as const;

const types: ReadonlyMap<string, QualifiedType> = new Map([
  ['0.4.0.1862.1.6.1', 'esign'],
  ['0.4.0.1862.1.6.2', 'eseal'],
  ['0.4.0.1862.1.6.3', 'web'],
]);

const maxStatements = 32;

/**
 * @param value the extension's content, DER; one that cannot be read states nothing
 */
export function readQualifiedStatements(value: Uint8Array): QualifiedStatements | undefined {
  try {
    return read(value);
  } catch (error) {
    if (error instanceof PkiError) return undefined;
    throw error;
  }
}

function read(value: Uint8Array): QualifiedStatements {
  const found = new Map<string, Fields>();
  for (const element of childrenOf(readElement(value, value.length)).slice(0, maxStatements)) {
    const fields = new Fields(element);
    found.set(readOid(fields.any()), fields);
  }
  const typeList = found.get(statements.type)?.optional(tags.sequence);
  const countryList = found.get(statements.legislation)?.optional(tags.sequence);
  return {
    compliant: found.has(statements.compliance),
    onQscd: found.has(statements.qscd),
    types: typeList ? childrenOf(typeList).flatMap((type) => types.get(readOid(type)) ?? []) : [],
    legislations: countryList
      ? childrenOf(countryList).map(({ content }) => Buffer.from(content).toString('latin1'))
      : [],
  };
}
