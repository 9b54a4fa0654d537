import { describe, expect, it } from 'vitest';
import { diagnosisLayer, pcscService } from '../../../preload/model.ts';
import { fileName, findingName } from '../../../renderer/features/tokens/finding.ts';
import { readWords } from './read-words.ts';

const words = readWords('en');

describe('the words of the Tokens page', () => {
  it.each(diagnosisLayer.options)('say of %s what is so, and what to do next', (layer) => {
    const expected = { what: expect.any(String), next: expect.any(String) };
    expect(words.diagnosis?.[findingName({ layer })]).toEqual(expected);
    expect(words.diagnosis?.[findingName({ layer, card: 'ID Prime 940' })]).toEqual(expected);
  });

  it('are other ones for a card we know by name that its own module does not read', () => {
    expect(findingName({ layer: 'card-unknown' })).toBe('card-unknown');
    expect(findingName({ layer: 'card-unknown', card: 'ID Prime 940' })).toBe('card-unread');
  });

  it.each(pcscService.options.filter((service) => service !== 'running'))('say what %s means', (service) => {
    expect(words.pcsc?.[service]).toEqual(expect.any(String));
  });

  it.each([
    ['/usr/lib/opensc-pkcs11.so', 'opensc-pkcs11.so'],
    ['C:\\Windows\\System32\\eTPKCS11.dll', 'eTPKCS11.dll'],
    ['', ''],
  ])('name the module %s by its file', (path, name) => {
    expect(fileName(path)).toBe(name);
  });
});
