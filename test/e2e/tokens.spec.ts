/** The Tokens page: live, in words, and in both themes and sizes. */
import type { Page } from '@playwright/test';
import type { CallOutput } from '../../preload/contract.ts';
import { scriptedPuk } from './scripted-desk.ts';
import { goodCard, lastTryCard, lockedCard } from './scripted-tokens.ts';
import { expect, lookAt, test } from './window-test.ts';

const READER = 'ACS ACR39U ICC Reader 00 00';
const SAFENET = '3b7f96000080318065b0855956fb120ffe829000';
const UNKNOWN = '3b8a015669727475616c50495685';

test('shows every token, its PIN and what keeps a certificate from signing', async ({ page, showScripted }) => {
  const desk = await showScripted({
    tokens: [goodCard, lastTryCard, lockedCard],
    around: {
      readers: [{ name: READER, cardPresent: true, atr: SAFENET }],
      diagnosis: { layer: 'ok', cards: [{ reader: READER, layer: 'ok', atr: SAFENET, card: 'ID Prime 940' }] },
      absent: [{ id: 'account-1/9', accountId: 'account-1', label: 'Marta’s card at work', tokenSerialNumber: '77AB' }],
    },
  });
  await page.getByRole('button', { name: 'Cards and tokens' }).click();
  await expect(page.locator('[data-layer="ok"]')).toContainText('Ready to sign');
  await expect(page.getByRole('region', { name: 'Demo card' }).getByText('Can sign documents')).toHaveCount(2);
  await expect(page.locator('[data-identity="1/01"]')).toContainText('Qualified, on a qualified device');
  await expect(page.locator('[data-identity="1/03"]')).toContainText('The certificate has expired');
  await expect(page.locator('[data-identity="1/04"]')).toContainText('not meant for signing documents');
  await expect(page.locator('[data-identity="1/02"]')).toContainText('Not registered');
  await expect(page.locator('[data-pin]')).toHaveText(['PIN in order', 'PIN: last try', 'PIN locked']);
  await expect(page.getByRole('region', { name: 'Registered with a signing service, not here' })).toContainText('77AB');
  await expect(page.locator(`[data-reader="${READER}"]`)).toContainText('ID Prime 940');
  expect(desk.made).toContain('tokens.watch');
  await lookAt(page, 'tokens');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('grid', { name: 'To do' })).toBeVisible();
});

test('follows a card that is put in, and says what it lacks', async ({ page, showScripted }) => {
  const desk = await showScripted({ around: { readers: [{ name: READER, cardPresent: false }] } });
  await page.getByRole('button', { name: 'Cards and tokens' }).click();
  await expect(page.locator('[data-layer="no-card"]')).toBeVisible();
  await lookAt(page, 'tokens-no-card');
  const finding = {
    layer: 'module-missing',
    atr: SAFENET,
    card: 'ID Prime 940',
    install: ['SafeNet Authentication Client'],
  } as const;
  desk.setAround(
    {
      readers: [{ name: READER, cardPresent: true, atr: SAFENET }],
      diagnosis: {
        ...finding,
        install: [...finding.install],
        cards: [{ ...finding, install: [...finding.install], reader: READER }],
      },
    },
    { cause: 'card-inserted', service: 'running', reader: READER, atr: SAFENET },
  );
  await expect(page.locator('[data-layer="module-missing"]')).toContainText('Install SafeNet Authentication Client.');
  await expect(page.locator(`[data-reader="${READER}"]`)).toContainText(
    'The software for ID Prime 940 is not installed',
  );
  await lookAt(page, 'tokens-module-missing');
});

const layers: readonly [string, CallOutput<'tokens.diagnose'>['diagnosis'], string][] = [
  ['no service', { layer: 'no-pcsc-service', cards: [] }, 'pcscd'],
  [
    'an unknown card',
    { layer: 'card-unknown', atr: UNKNOWN, cards: [{ reader: READER, layer: 'card-unknown', atr: UNKNOWN }] },
    UNKNOWN,
  ],
  [
    'a failed module',
    { layer: 'module-failed', modulePath: '/usr/lib/libeTPkcs11.so', code: 'module-crashed', cards: [] },
    'libeTPkcs11.so',
  ],
];
for (const [name, diagnosis, words] of layers) {
  test(`says what to do about ${name}`, async ({ page, showScripted }) => {
    const service = diagnosis.layer === 'no-pcsc-service' ? 'pcsc-service-down' : 'running';
    const readers = diagnosis.cards.map(({ reader }) => ({ name: reader, cardPresent: true, atr: UNKNOWN }));
    await showScripted({
      around: {
        service,
        readers,
        diagnosis,
        modules: [{ path: '/usr/lib/libeTPkcs11.so', source: 'user', vendor: 'Thales SafeNet' }],
        problems: [{ modulePath: '/usr/lib/libeTPkcs11.so', code: 'module-crashed' }],
      },
    });
    await page.getByRole('button', { name: 'Cards and tokens' }).click();
    await expect(page.locator(`[data-layer="${diagnosis.layer}"]`)).toContainText(words);
    await lookAt(page, `tokens-${diagnosis.layer}`);
  });
}

test('tries a module before it is added, and says why it is not', async ({ page, showScripted }) => {
  await showScripted({});
  await page.getByRole('button', { name: 'Cards and tokens' }).click();
  await page.getByRole('button', { name: 'Add software…' }).click();
  await expect(page.getByText('The card’s software is for another kind of computer')).toBeVisible();
  await lookAt(page, 'tokens-add-module');
});

test('takes a module up again that was set aside', async ({ page, showScripted }) => {
  const path = '/usr/lib/libeTPkcs11.so';
  const desk = await showScripted({
    around: {
      modules: [{ path, source: 'vendor', vendor: 'Thales SafeNet' }],
      problems: [{ modulePath: path, code: 'module-set-aside' }],
    },
  });
  await page.getByRole('button', { name: 'Cards and tokens' }).click();
  const asked = desk.made.filter((name) => name === 'tokens.diagnose').length;
  await page.getByRole('button', { name: 'Try libeTPkcs11.so again' }).click();
  await expect.poll(() => desk.made.filter((name) => name === 'tokens.diagnose').length).toBeGreaterThan(asked);
  await lookAt(page, 'tokens-set-aside');
});

test.describe('the PIN in the window', () => {
  const names = ['first', 'firstAgain', 'fresh', 'freshAgain'] as const;
  const fill = async (page: Page, ...values: readonly string[]) => {
    for (const [index, name] of names.entries()) {
      await page.locator(`input[type="password"][name="${name}"]`).fill(values[index] ?? '');
    }
  };

  test('is changed with both entered twice, and no field keeps either', async ({ page, showScripted }) => {
    const desk = await showScripted({ tokens: [goodCard] });
    await page.getByRole('button', { name: 'Cards and tokens' }).click();
    await page.getByRole('button', { name: 'Change PIN…' }).click();
    const dialog = page.getByRole('dialog');
    await expect(dialog.getByText('4 to 16 characters.')).toBeVisible();
    await lookAt(page, 'tokens-change-pin');
    const cases: readonly (readonly [string, readonly [string, string, string, string]])[] = [
      ['first-differs', ['123456', '123457', '445566', '445566']],
      ['new-differs', ['123456', '123456', '445566', '445567']],
      ['short', ['123456', '123456', '12', '12']],
      ['long', ['123456', '123456', '1'.repeat(17), '1'.repeat(17)]],
      ['same', ['123456', '123456', '123456', '123456']],
    ];
    for (const [problem, values] of cases) {
      await fill(page, ...values);
      await dialog.getByRole('button', { name: 'Change PIN' }).click();
      await expect(dialog.locator(`[data-pin-problem="${problem}"]`)).toBeVisible();
    }
    expect(desk.made).not.toContain('tokens.changePin');
    for (const field of await dialog.locator('input[type="password"]').all()) await expect(field).toHaveValue('');
    await fill(page, '999999', '999999', '445566', '445566');
    await dialog.getByRole('button', { name: 'Change PIN' }).click();
    await expect(dialog.locator('[data-error-code="pin-incorrect"]')).toBeVisible();
    expect(desk.pin()).toBe('123456');
    await fill(page, '123456', '123456', '445566', '445566');
    await dialog.getByRole('button', { name: 'Change PIN' }).click();
    await expect(dialog).toBeHidden();
    expect(desk.pin()).toBe('445566');
    expect(desk.made.filter((name) => name === 'tokens.changePin')).toHaveLength(2);
  });

  test('is unblocked where it is locked, by PUK or officer, with what is left of the PUK said first', async ({
    page,
    showScripted,
  }) => {
    const token = { ...lockedCard, pin: { ...lockedCard.pin, soFinalTry: true } };
    const desk = await showScripted({ tokens: [token], around: { diagnosis: { layer: 'pin-locked', cards: [] } } });
    await page.getByRole('button', { name: 'Cards and tokens' }).click();
    await page.getByRole('button', { name: 'Unblock PIN…' }).click();
    const dialog = page.getByRole('dialog');
    await expect(dialog.locator('[data-tries="last"]')).toContainText('One try of the PUK is left');
    await lookAt(page, 'tokens-unblock');
    await fill(page, scriptedPuk, scriptedPuk, '7788', '7788');
    await dialog.getByRole('button', { name: 'Unblock PIN' }).click();
    await expect(dialog).toBeHidden();
    expect(desk.pin()).toBe('7788');
  });

  test('is asked for at the reader, with no field, where the token does that itself', async ({
    page,
    showScripted,
  }) => {
    const token = { ...goodCard, pin: { ...goodCard.pin, protectedAuthenticationPath: true } };
    const desk = await showScripted({ tokens: [token] });
    await page.getByRole('button', { name: 'Cards and tokens' }).click();
    await page.getByRole('button', { name: 'Change PIN…' }).click();
    const dialog = page.getByRole('dialog');
    await expect(dialog.getByText('will ask for both')).toBeVisible();
    await expect(dialog.locator('input')).toHaveCount(0);
    await dialog.getByRole('button', { name: 'Change PIN' }).click();
    await expect(dialog).toBeHidden();
    expect(desk.made).toContain('tokens.changePin');
  });

  test('serves as long as the person sets, where the computer tells of a locked screen', async ({
    page,
    showScripted,
  }) => {
    const token = { ...goodCard, keptLogin: { endsAt: Date.now() + 600_000 } };
    const desk = await showScripted({ tokens: [token] });
    await page.getByRole('button', { name: 'Cards and tokens' }).click();
    await page.getByRole('combobox', { name: 'How long a PIN serves' }).selectOption('15 minutes');
    await expect.poll(() => desk.made).toContain('settings.change');
    await expect(page.locator('[data-login]')).toContainText('Logged in until');
    await lookAt(page, 'tokens-logged-in');
    await page.getByRole('button', { name: 'Log out' }).click();
    await expect.poll(() => desk.made).toContain('tokens.logOut');
  });

  test('serves one batch where it does not', async ({ page, showScripted }) => {
    await showScripted({ tokens: [goodCard], watchesSystem: false });
    await page.getByRole('button', { name: 'Cards and tokens' }).click();
    await expect(page.getByRole('combobox', { name: 'How long a PIN serves' })).toBeDisabled();
    await expect(page.getByText('does not tell when its screen is locked')).toBeVisible();
  });
});
