/** Newer versions: found, told once, and nothing believed that is no list of versions. */
import { describe, expect, it } from 'vitest';
import type { Clock } from '../../../main/platform/clock.ts';
import { HttpError, type HttpRequest } from '../../../main/platform/http.ts';
import { createUpdates, updateNotice } from '../../../main/updates/index.ts';
import { listName, parseReleaseInfo } from '../../../main/updates/release-info.ts';

const encode = (text: string) => new TextEncoder().encode(text);
const listOf = (version: string) => `version: ${version}
files:
  - url: Countersign-${version}.AppImage
    sha512: aGFzaA==
    size: 120000000
path: Countersign-${version}.AppImage
sha512: aGFzaA==
releaseDate: '2026-11-02T08:30:00.000Z'
`;

/** @param answer a list's text, or how the request fails */
function world(answer: { body: string | HttpError; status?: number }, version = '1.4.0') {
  const asked: HttpRequest[] = [];
  const found: string[] = [];
  let wake: (() => void) | undefined;
  const settings: { updateAddress?: string } = { updateAddress: 'https://office.example/countersign' };
  const clock = {
    delay: (_ms: number, signal?: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        wake = resolve;
        signal?.addEventListener('abort', () => reject(new Error('ended')));
      }),
  } as unknown as Clock;
  const updates = createUpdates({
    http: {
      async request(request) {
        asked.push(request);
        if (answer.body instanceof HttpError) throw answer.body;
        return { status: answer.status ?? 200, headers: {}, body: encode(answer.body) };
      },
    },
    clock,
    version,
    settings: () => settings,
    platform: 'linux',
    arch: 'x64',
    found: (release) => void found.push(release.version),
  });
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  const nextDay = async () => {
    wake?.();
    await settle();
  };
  return { updates, asked, found, settings, answer, settle, nextDay };
}

describe('looking for a newer version', () => {
  it.each([
    ['1.4.1', '1.4.1'],
    ['1.10.0', '1.10.0'],
    ['2.0.0-beta.1', '2.0.0-beta.1'],
    ['1.4.0', undefined],
    ['1.4.0-beta.2', undefined],
    ['1.3.9', undefined],
  ])('of %s beside 1.4.0 finds %s', async (listed, expected) => {
    const { updates, asked } = world({ body: listOf(listed) });
    expect((await updates.check())?.version).toBe(expected);
    expect(asked.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'GET https://office.example/countersign/latest-linux.yml',
    ]);
  });

  it('keeps the day of the release', async () => {
    const { updates } = world({ body: listOf('1.5.0') });
    expect(await updates.check()).toEqual({ version: '1.5.0', releasedAt: Date.UTC(2026, 10, 2, 8, 30) });
  });

  it('takes any release for newer than a build that has no version', async () => {
    expect((await world({ body: listOf('0.0.1') }, 'test').updates.check())?.version).toBe('0.0.1');
  });

  it('asks nobody where no address is set', async () => {
    const { updates, settings, asked } = world({ body: listOf('9.0.0') });
    delete settings.updateAddress;
    await expect(updates.check()).rejects.toMatchObject({ code: 'no-update-address' });
    expect(asked).toEqual([]);
  });

  it.each([
    ['a page', '<html><body>Not here</body></html>', 200],
    ['a list that is not found', listOf('9.0.0'), 404],
    ['no version in it', 'path: Countersign.AppImage', 200],
    ['a version that is none', 'version: newest', 200],
    ['a version that runs on', `version: ${'1'.repeat(100)}.0.0`, 200],
    ['a version that is another thing', 'version: [1, 2]', 200],
    ['nothing', '', 200],
    ['aliases of aliases', `a: &a [x, x]\nb: &b [*a, *a]\nversion: 9.0.0\nc: [*b, *b]`, 200],
    ['what is no YAML', 'version: "9.0.0\n\t- :', 200],
  ])('refuses %s', async (_, body, status) => {
    await expect(world({ body, status }).updates.check()).rejects.toMatchObject({ code: 'no-release-list' });
  });

  it('reads no text in another charset, and no list that is larger than lists are', () => {
    expect(parseReleaseInfo(new Uint8Array([0xff, 0xfe, 0x76, 0x00]))).toBeUndefined();
    expect(parseReleaseInfo(encode(`version: 9.0.0\n#${'x'.repeat(70_000)}`))).toBeUndefined();
  });

  it('leaves a network that fails to who asked', async () => {
    const { updates } = world({ body: new HttpError('offline', false) });
    await expect(updates.check()).rejects.toMatchObject({ code: 'offline' });
    const long = world({ body: new HttpError('too-large', true) });
    await expect(long.updates.check()).rejects.toMatchObject({ code: 'no-release-list' });
  });

  it('tells of each version once, and goes on after a day that brought nothing', async () => {
    const { updates, found, answer, settle, nextDay } = world({ body: listOf('1.5.0') });
    updates.start();
    await settle();
    await nextDay();
    expect(found).toEqual(['1.5.0']);
    answer.body = new HttpError('offline', false);
    await nextDay();
    answer.body = listOf('1.6.0');
    await nextDay();
    expect(found).toEqual(['1.5.0', '1.6.0']);
    await updates.stop();
  });
});

describe('the list', () => {
  it('is named as electron-builder names it', () => {
    expect([listName('win32', 'x64'), listName('darwin', 'arm64'), listName('linux', 'x64')]).toEqual([
      'latest.yml',
      'latest-mac.yml',
      'latest-linux.yml',
    ]);
    expect(listName('linux', 'arm64')).toBe('latest-linux-arm64.yml');
  });
});

describe('the notice', () => {
  it('names the version in the person’s language, English where there are no words', () => {
    for (const language of ['en', 'it-IT', 'es', 'fr', 'de-AT', 'lv'])
      expect(updateNotice('1.5.0', language).body).toContain('1.5.0');
    expect(updateNotice('1.5.0', 'de-AT').body).toContain('Einstellungen');
    expect(updateNotice('1.5.0', 'lv')).toEqual(updateNotice('1.5.0', 'en'));
  });
});
