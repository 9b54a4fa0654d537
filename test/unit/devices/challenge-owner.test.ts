import { describe, expect, it } from 'vitest';
import { findOwner } from '../../../main/devices/challenge-owner.ts';
import type { Account } from '../../../preload/model.ts';

const account = (id: string, baseUrl: string, userId: string): Account => ({
  id,
  provider: 'signing-today',
  baseUrl,
  userId,
  userName: id,
  label: id,
  state: 'signed-in',
});
const marta = account('marta', 'https://sign.example/api', 'AB-1');
const janis = account('janis', 'https://sign.example/api', 'ab-2');
const clinic = account('clinic', 'https://clinic.example:8443/st/api/', 'ab-1');
const all = [marta, janis, clinic];
const from = (baseUrl: string, userId = 'ab-1') => ({ baseUrl, userId, challenge: 'challenge-1' });

describe('a challenge', () => {
  it.each([
    ['the API itself', 'https://sign.example/api'],
    ['below the API', 'https://sign.example/api/challenge'],
    ['with a default port', 'https://sign.example:443/api/challenge'],
    ['with a query', 'https://sign.example/api/challenge?x=1'],
  ])('is its person’s account’s where its address is %s', (_name, baseUrl) => {
    expect(findOwner(from(baseUrl), all, undefined)).toEqual({ kind: 'account', account: marta });
    expect(findOwner(from(baseUrl, 'ab-2'), all, undefined)).toEqual({ kind: 'account', account: janis });
  });

  it('is told apart by service where one person has accounts at two', () => {
    const found = findOwner(from('https://clinic.example:8443/st/api/challenge'), all, undefined);
    expect(found).toEqual({ kind: 'account', account: clinic });
  });

  it.each([
    'https://sign.example.evil.example/api/challenge',
    'https://evil.example/api/challenge',
    'https://sign.example@evil.example/api',
    'https://user:secret@sign.example/api',
    'http://sign.example/api/challenge',
    'https://sign.example:8443/api/challenge',
    'https://sign.example/apiary',
    'https://sign.example/api/../evil',
    'https://sign.example/',
  ])('of %s is foreign', (baseUrl) => {
    expect(findOwner(from(baseUrl), all, 'marta')).toEqual({ kind: 'foreign' });
  });

  it('of somebody else at the same service is theirs', () => {
    expect(findOwner(from('https://sign.example/api', 'ab-9'), all, 'marta')).toEqual({ kind: 'other-person' });
  });

  it('without an address is for the account that was chosen, or the only one', () => {
    const bare = { challenge: 'challenge-1' };
    expect(findOwner(bare, all, 'janis')).toEqual({ kind: 'account', account: janis });
    expect(findOwner(bare, [marta], undefined)).toEqual({ kind: 'account', account: marta });
    expect(findOwner(bare, all, undefined)).toEqual({ kind: 'foreign' });
    expect(findOwner(bare, all, 'nobody')).toEqual({ kind: 'foreign' });
  });
});
