import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at, codesOf, type Setup, setUp, signIn } from './signing-today-setup.ts';

const HOUR = 3_600_000;
let sandbox: Setup;

/** Titles A to F, an hour apart, oldest first. */
beforeAll(async () => {
  sandbox = await setUp();
  const createdAt = sandbox.clock.now() - 100 * HOUR;
  const seeds = [
    { title: 'A', urgent: true, tags: ['lease', 'home'] },
    { title: 'B "quoted" \\ slashed' },
    { title: 'C', tags: ['home'], expiresAt: sandbox.clock.now() + HOUR },
    { title: 'D', urgent: true, publish: false },
    { title: 'E', errorMessage: 'No room' },
    { title: 'F', urgent: true },
  ];
  for (const [index, seed] of seeds.entries()) await sandbox.addDst({ ...seed, createdAt: createdAt + index * HOUR });
});
afterAll(() => sandbox.server.stop());

async function list(query: Record<string, string>, who = sandbox.anna) {
  const answer = await who.call('GET', `/DSTs?${new URLSearchParams(query)}`);
  const page = answer.json<{ count?: number; values: { title: string }[] }>();
  return {
    status: answer.status,
    count: page.count,
    titles: page.values?.map(({ title }) => at([...title], 0)).join(''),
  };
}

const NEWEST = { $orderBy: 'updatedAt,desc' };

describe('the list of DSTs', () => {
  it.each([
    ['all, newest change first', {}, 'FEDCBA', undefined],
    ['the first page, counted', { $top: '2', $count: 'true' }, 'FE', 6],
    ['the second page', { $top: '2', $skip: '2' }, 'DC', undefined],
    ['the end', { $top: '4', $skip: '4' }, 'BA', undefined],
    ['beyond the end, counted', { $skip: '6', $count: 'true' }, '', 6],
    ['nothing of it', { $top: '0', $count: 'true' }, '', 6],
    ['oldest first', { $orderBy: 'updatedAt' }, 'ABCDEF', undefined],
    ['by title', { $orderBy: 'title,asc' }, 'ABCDEF', undefined],
    ['what counts is what the filter left', { $filter: 'urgent == true', $top: '1', $count: 'true' }, 'F', 3],
  ])('pages: %s', async (_name, query, titles, count) => {
    expect(await list({ ...NEWEST, ...query })).toEqual({ status: 200, titles, count });
  });

  it('orders equals by their ids, so that pages have no gap and no repeat', async () => {
    const paged: { id: string; urgent: boolean }[] = [];
    for (const $skip of ['0', '2', '4']) {
      const query = new URLSearchParams({ $orderBy: 'urgent,desc', $top: '2', $skip });
      paged.push(...(await sandbox.anna.call('GET', `/DSTs?${query}`)).json<{ values: typeof paged }>().values);
    }
    const idsWhere = (urgent: boolean) => paged.filter((each) => each.urgent === urgent).map(({ id }) => id);
    expect(paged.map(({ urgent }) => urgent)).toEqual([true, true, true, false, false, false]);
    expect(idsWhere(true)).toEqual([...new Set(idsWhere(true))].sort());
    expect(idsWhere(false)).toEqual([...new Set(idsWhere(false))].sort());
  });

  it.each([
    ['status == "toSign"', 'FCBA'],
    ['status != "toSign"', 'ED'],
    ['title == "C" or title == "A"', 'CA'],
    ['title == "B \\"quoted\\" \\\\ slashed"', 'B'],
    ['title < "C"', 'BA'],
    ['title >= "E"', 'FE'],
    ['urgent == true and status == "draft"', 'D'],
    ['urgent == false', 'ECB'],
    ['title == "A" or title == "B" and urgent == true', 'A'],
    ['(title == "A" or title == "D") and status == "draft"', 'D'],
    ['tags == "home"', 'CA'],
    ['tags == "home" and tags == "lease"', 'A'],
    ['errorMessage == null', 'FDCBA'],
    ['expiresAt != null', 'C'],
    ['expiresAt > "2026-03-02T09:30Z"', 'C'],
    ['expiresAt > 2026-03-02T09:30:15.250Z', 'C'],
    ['expiresAt <= "2026-03-02 09:30:15.250000"', ''],
    ['updatedAt<"2027-01-01T00:00Z"and(title=="F")', 'F'],
    ['resources.size > 100 and documents.id > 0', 'FEDCBA'],
    ['resources.size < 0.5', ''],
    ['documents.id >= -1', 'FEDCBA'],
  ])('filters: %s', async ($filter, titles) => {
    expect(await list({ ...NEWEST, $filter })).toMatchObject({ status: 200, titles });
  });

  it.each([
    [{ $filter: '' }, 'bad-filter'],
    [{ $filter: 'title' }, 'bad-filter'],
    [{ $filter: 'title ==' }, 'bad-filter'],
    [{ $filter: 'title = "A"' }, 'bad-filter'],
    [{ $filter: 'title == "A' }, 'bad-filter'],
    [{ $filter: 'title == A' }, 'bad-filter'],
    [{ $filter: 'title == "A" and' }, 'bad-filter'],
    [{ $filter: 'title == "A" "B"' }, 'bad-filter'],
    [{ $filter: '(title == "A"' }, 'bad-filter'],
    [{ $filter: 'title == "A")' }, 'bad-filter'],
    [{ $filter: 'colour == "red"' }, 'bad-filter'],
    [{ $filter: 'constructor == "A"' }, 'bad-filter'],
    [{ $filter: 'title == 1' }, 'bad-filter'],
    [{ $filter: 'urgent == "true"' }, 'bad-filter'],
    [{ $filter: 'urgent < true' }, 'bad-filter'],
    [{ $filter: 'title > null' }, 'bad-filter'],
    [{ $filter: 'updatedAt > "yesterday"' }, 'bad-filter'],
    [{ $filter: 'updatedAt > "2026-02-30T00:00Z"' }, 'bad-filter'],
    [{ $filter: `${'('.repeat(60)}urgent == true${')'.repeat(60)}` }, 'bad-filter'],
    [{ $filter: `title == "${'x'.repeat(5000)}"` }, 'bad-filter'],
    [{ $orderBy: 'colour' }, 'bad-order'],
    [{ $orderBy: 'title,up' }, 'bad-order'],
    [{ $orderBy: 'title,asc,asc' }, 'bad-order'],
    [{ $top: '-1' }, 'invalid'],
    [{ $top: '1.5' }, 'invalid'],
    [{ $skip: 'x' }, 'invalid'],
    [{ $count: 'yes' }, 'invalid'],
    [{ template: '1' }, 'invalid'],
  ])('answers 400 to %j', async (query, code) => {
    const answer = await sandbox.anna.call('GET', `/DSTs?${new URLSearchParams(query)}`);
    expect([answer.status, codesOf(answer)]).toEqual([400, [code]]);
  });

  it('shows only what the person may see', async () => {
    expect((await list(NEWEST, sandbox.bruno)).titles).toBe('FECBA');
    const hidden = at(
      sandbox.state.dsts().filter(({ title }) => title === 'D'),
      0,
    );
    expect((await sandbox.bruno.call('GET', `/DST/${hidden.id}`)).status).toBe(404);
    expect((await sandbox.bruno.call('GET', `/DSTs?userId=${sandbox.anna.user.id}`)).status).toBe(403);
    expect((await list({ template: 'true' })).titles).toBe('');
  });

  it('shows what is visible to a person or a group, and to who may list all', async () => {
    const eve = sandbox.state.addUser({ username: 'eve', password: 'secret', name: 'Eve', surname: 'E' });
    const asEve = await signIn(sandbox.server, eve);
    expect((await list({}, asEve)).titles).toBe('');
    const admin = sandbox.state.addUser({
      username: 'boss',
      password: 'secret',
      name: 'B',
      surname: 'B',
      role: 'admin',
      capabilities: ['dst.list.all'],
    });
    const asAdmin = await signIn(sandbox.server, admin);
    expect((await list(NEWEST, asAdmin)).titles).toBe('FEDCBA');
    expect((await list({ ...NEWEST, userId: sandbox.bruno.user.id }, asAdmin)).titles).toBe('FECBA');
    expect((await list({ userId: eve.id }, asAdmin)).titles).toBe('');
  });
});
