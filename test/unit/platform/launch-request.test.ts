import { describe, expect, it } from 'vitest';
import { readLaunch, readLink } from '../../../main/platform/launch-request.ts';

describe('what a start asks for', () => {
  it.each([
    ['countersign://open/account%3A7', 'account:7'],
    ['countersign://open/a/b', 'a/b'],
    ['countersign://open/', undefined],
    ['countersign://settings/x', undefined],
    ['https://open/account%3A7', undefined],
    ['countersign://open/%E0%A4%A', undefined],
    ['countersign://open/%0Aevil', undefined],
    [`countersign://open/${'x'.repeat(600)}`, undefined],
    ['not a link', undefined],
  ])('%j leads to %j', (link, id) => {
    expect(readLink(link)).toBe(id);
  });

  it('takes links and PDF files, from the folder it was started in, and passes over the rest', () => {
    const args = [
      '--flag=x.pdf',
      'lease.pdf',
      '/abs/DEED.PDF',
      'notes.txt',
      'countersign://open/a%3A1',
      'http://x/y.pdf',
    ];
    expect(readLaunch(args, '/home/marta')).toEqual({
      transactionId: 'a:1',
      paths: ['/home/marta/lease.pdf', '/abs/DEED.PDF'],
    });
    expect(readLaunch([], '/')).toEqual({});
  });

  it('takes a hundred files at most', () => {
    const many = Array.from({ length: 150 }, (_, i) => `/${i}.pdf`);
    expect(readLaunch(many, '/').paths).toHaveLength(100);
  });
});
