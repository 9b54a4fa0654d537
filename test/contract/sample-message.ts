/** Messages in the form of a .p7m, for who only looks at their content and their signers. Their signatures are none. */
import { element, integer, objectIdentifier, octetString, sequence, setOf } from '../../main/pades/der.ts';

const SHA256 = sequence(objectIdentifier('2.16.840.1.101.3.4.2.1'));
const ECDSA_SHA256 = sequence(objectIdentifier('1.2.840.10045.4.3.2'));
const ID_DATA = objectIdentifier('1.2.840.113549.1.7.1');
const SIGNED_DATA = objectIdentifier('1.2.840.113549.1.7.2');

/** @param signers their key identifiers, in any words */
export function sampleMessage(content: Uint8Array, signers: readonly string[]): Buffer {
  const infos = signers.map((name) =>
    sequence(integer(3), element(0x80, Buffer.from(name)), SHA256, ECDSA_SHA256, octetString(Buffer.from(name))),
  );
  const encapsulated = sequence(ID_DATA, element(0xa0, octetString(content)));
  return Buffer.from(
    sequence(SIGNED_DATA, element(0xa0, sequence(integer(1), setOf([SHA256]), encapsulated, setOf(infos)))),
  );
}
