import { describe, expect, it } from 'vitest';
import { parsePem } from '../../../main/pki/index.ts';

const block = (label: string, bytes: string) =>
  `-----BEGIN ${label}-----\n${Buffer.from(bytes).toString('base64')}\n-----END ${label}-----\n`;
const texts = (pem: string) => parsePem(pem).map((der) => Buffer.from(der).toString());

describe('parsePem', () => {
  it.each<[string, string, string[]]>([
    ['one certificate', block('CERTIFICATE', 'one'), ['one']],
    [
      'several, with text between',
      `a\n${block('CERTIFICATE', 'one')}b\n${block('CERTIFICATE', 'two')}`,
      ['one', 'two'],
    ],
    ['Windows line ends', block('CERTIFICATE', 'one').replaceAll('\n', '\r\n'), ['one']],
    ['other blocks', `${block('PRIVATE KEY', 'secret')}${block('CERTIFICATE', 'one')}`, ['one']],
    ['a block without its end', block('CERTIFICATE', 'one').slice(0, -10), []],
    ['nothing', '', []],
  ])('reads %s', (_, pem, expected) => {
    expect(texts(pem)).toEqual(expected);
  });
});
