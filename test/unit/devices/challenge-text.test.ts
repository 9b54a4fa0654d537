import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatChallenge, longestText, parseChallenge } from '../../../main/devices/challenge-text.ts';

const sample = {
  userId: '737dc132-a3f0-11e9-a2a3-2a2ae2dbcce4',
  baseUrl: 'https://web.sandbox.signingtoday.com/api/challenge',
  challenge: '8df173c3bcd4274715491fc196705da8',
};

describe('the text of a pairing code', () => {
  it('is read as the documents show it, with fields nobody knows and space around', () => {
    const text = `\n ${JSON.stringify({ userId: sample.userId, baseURL: sample.baseUrl, challenge: sample.challenge, more: 1 })} `;
    expect(parseChallenge(text)).toEqual(sample);
  });

  it.each(['8df173c3bcd4274715491fc196705da8', ' 2a12618a-4128-11ea-b77f-2e728ce88125\n'])(
    'may be typed: %j',
    (text) => {
      expect(parseChallenge(text)).toEqual({ challenge: text.trim() });
    },
  );

  it.each([
    ['nothing', ''],
    ['an address', 'https://evil.example/pair?challenge=8df173c3bcd42747'],
    ['JSON of another kind', '["8df173c3bcd4274715491fc196705da8"]'],
    ['null', 'null'],
    ['no person', JSON.stringify({ baseURL: sample.baseUrl, challenge: sample.challenge })],
    ['no challenge', JSON.stringify({ userId: sample.userId, baseURL: sample.baseUrl })],
    ['a challenge that breaks out', JSON.stringify({ userId: 'u', baseURL: sample.baseUrl, challenge: '../../x y z' })],
    [
      'a script for an address',
      JSON.stringify({ userId: 'u', baseURL: 'javascript:alert(1)', challenge: sample.challenge }),
    ],
    ['no address', JSON.stringify({ userId: 'u', baseURL: 'here', challenge: sample.challenge })],
    ['an endless text', `${' '.repeat(longestText)}8df173c3bcd4274715491fc196705da8`],
    ['deep JSON', `${'['.repeat(2000)}${']'.repeat(2000)}`],
  ])('is refused: %s', (_name, text) => {
    expect(parseChallenge(text)).toBeUndefined();
  });

  it('comes back as it was written', () => {
    const challenge = fc.stringMatching(/^[A-Za-z0-9_-]{8,200}$/);
    const userId = fc.string({ minLength: 1, maxLength: 100 });
    fc.assert(
      fc.property(challenge, userId, fc.webUrl(), (secret, user, baseUrl) => {
        const given = { userId: user, baseUrl, challenge: secret };
        expect(parseChallenge(formatChallenge(given))).toEqual(given);
      }),
    );
  });

  it('never throws, and never gives a challenge that could leave its field', () => {
    const shaped = fc.json().map((text) => `{"userId":"u","baseURL":"https://a.example","challenge":${text}}`);
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.json(), shaped), (text) => {
        const read = parseChallenge(text);
        if (read) expect(read.challenge).toMatch(/^[A-Za-z0-9_-]{8,200}$/);
      }),
      { numRuns: 500 },
    );
  });
});
