/** The Tokens page: live, in words, and in both themes and sizes. */
import type { CallOutput } from '../../preload/contract.ts';
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
  await page.getByLabel('Add a module by its path').fill('/opt/vendor/module.so');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(page.getByText('The card’s software is for another kind of computer')).toBeVisible();
  await lookAt(page, 'tokens-add-module');
});
