/** Distinguished names (RFC 5280, 4.1.2.4): their text (RFC 4514) and their comparison (RFC 5280, 7.1). */
import { childrenOf, type Element, Fields, tags } from './der.ts';
import { readOid } from './der-values.ts';

interface NameAttribute {
  readonly oid: string;
  readonly value: Element;
}

const keywords: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN',
  '2.5.4.4': 'SN',
  '2.5.4.5': 'serialNumber',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.9': 'street',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '2.5.4.12': 'title',
  '2.5.4.13': 'description',
  '2.5.4.17': 'postalCode',
  '2.5.4.42': 'GN',
  '2.5.4.43': 'initials',
  '2.5.4.44': 'generationQualifier',
  '2.5.4.46': 'dnQualifier',
  '2.5.4.65': 'pseudonym',
  '2.5.4.97': 'organizationIdentifier',
  '0.9.2342.19200300.100.1.1': 'UID',
  '0.9.2342.19200300.100.1.25': 'DC',
  '1.2.840.113549.1.9.1': 'emailAddress',
};

/** The relative names in their encoded order, each a set of attributes. */
export function readName(name: Element): NameAttribute[][] {
  if (name.tag !== tags.sequence) return [];
  return childrenOf(name).map((relative) =>
    childrenOf(relative).map((attribute) => {
      const fields = new Fields(attribute);
      return { oid: readOid(fields.any()), value: fields.any() };
    }),
  );
}

const latin1Tags = new Set([0x12, 0x13, 0x14, 0x16, 0x1a]);

function stringValue({ tag, content }: Element): string | undefined {
  if (tag === 0x0c) return new TextDecoder().decode(content);
  if (latin1Tags.has(tag)) return Buffer.from(content).toString('latin1');
  if (tag === 0x1e && content.length % 2 === 0) return Buffer.from(content).swap16().toString('utf16le');
  return undefined;
}

function escapeValue(text: string): string {
  return text
    .replace(/[\\",+;<>]/g, '\\$&')
    .replace(/^[ #]/, '\\$&')
    .replace(/ $/, '\\ ')
    .replace(/\p{Cc}/gu, (character) => Buffer.from(character).toString('hex').replace(/../g, '\\$&'));
}

function attributeText({ oid, value }: NameAttribute): string {
  const keyword = keywords[oid];
  const text = stringValue(value);
  // RFC 4514, 2.4: a type without a keyword, or a value that is no string, is written as the hex of its encoding.
  if (keyword === undefined || text === undefined) {
    return `${keyword ?? oid}=#${Buffer.from(value.whole).toString('hex')}`;
  }
  return `${keyword}=${escapeValue(text)}`;
}

/** RFC 4514 text: the most specific relative name first, no spaces. Control characters are written as escaped hex. */
export function nameText(name: Element): string {
  const relatives = readName(name).map((attributes) => attributes.map(attributeText).join('+'));
  return relatives.reverse().join(',');
}

/** Every attribute that is a string, by its type, in encoded order. */
export function nameValues(name: Element): { readonly oid: string; readonly text: string }[] {
  return readName(name)
    .flat()
    .flatMap(({ oid, value }) => {
      const text = stringValue(value);
      return text === undefined ? [] : [{ oid, text }];
    });
}

/** The most specific common name; undefined where there is none. */
export function commonNameOf(name: Element): string | undefined {
  const values = readName(name)
    .flat()
    .filter(({ oid }) => oid === '2.5.4.3')
    .map(({ value }) => stringValue(value));
  return values.at(-1);
}

const comparables = new WeakMap<Element, string>();

/** Worked out once per name, so that a bundle of many long names costs no more than its size. */
function comparable(name: Element): string {
  const known = comparables.get(name);
  if (known !== undefined) return known;
  const made = toComparable(name);
  comparables.set(name, made);
  return made;
}

function toComparable(name: Element): string {
  return JSON.stringify(
    readName(name).map((attributes) =>
      attributes
        .map(({ oid, value }) => {
          const text = stringValue(value)?.normalize('NFKC').toLowerCase().trim().replace(/\s+/g, ' ');
          return `${oid}=${text ?? `#${Buffer.from(value.whole).toString('hex')}`}`;
        })
        .sort(),
    ),
  );
}

/** True when both are the same name, whatever string types, case and runs of spaces they are written with. */
export function sameName(a: Element, b: Element): boolean {
  return Buffer.compare(a.whole, b.whole) === 0 || comparable(a) === comparable(b);
}
