/** The window's shell: what a person does besides opening one document. */
import { scriptedConflict } from './scripted-activity.ts';
import { goodCard } from './scripted-tokens.ts';
import { expect, lookAt, test } from './window-test.ts';

// Pictures and axe in four ways take their time on a busy machine.
test.slow();

test('the first run: an account, the card, a mark that is drawn, then the inbox', async ({ page, showScripted }) => {
  const desk = await showScripted({ signedIn: false, tokens: [goodCard] });
  await page.getByLabel('Address of the service').fill('signing.example');
  await page.getByLabel('User name').fill('marta');
  await page.getByLabel(/^Password/).fill('right');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('heading', { name: 'Your card' })).toBeVisible();
  await expect(page.getByText('Ready to sign')).toBeVisible();
  await lookAt(page, 'first-run-card');
  await page.getByRole('button', { name: 'Continue' }).click();
  const pad = page.getByRole('img', { name: 'Area to draw in' });
  await expect(page.getByRole('button', { name: 'Keep this mark' })).toBeDisabled();
  const box = await pad.boundingBox();
  if (!box) throw new Error('no pad');
  await page.mouse.move(box.x + 60, box.y + 90);
  await page.mouse.down();
  for (let i = 1; i <= 30; i++) await page.mouse.move(box.x + 60 + 10 * i, box.y + 90 + 40 * Math.sin(i / 2));
  await page.mouse.up();
  await lookAt(page, 'first-run-mark');
  await page.getByRole('button', { name: 'Keep this mark' }).click();
  await expect(page.getByRole('grid', { name: 'To do' })).toBeVisible();
  expect(desk.made).toContain('marks.add');
});

test('a conflict is settled in words, and what was delivered is listed', async ({ page, showScripted }) => {
  await showScripted({ conflicts: [scriptedConflict(Date.now())] });
  await page.getByRole('button', { name: /^Activity/ }).click();
  const conflict = page.getByRole('article', { name: 'Residential lease' });
  await expect(conflict).toContainText('The sender has replaced it with a new version');
  await expect(page.getByText('The service cannot be reached')).toBeVisible();
  await lookAt(page, 'activity');
  await conflict.getByRole('button', { name: 'Tell the sender' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('button', { name: 'Tell the sender' })).toBeDisabled();
  await dialog.getByLabel('Message to the sender').fill('Please send Monday’s version again.');
  await dialog.getByRole('button', { name: 'Tell the sender' }).click();
  await expect(conflict).toHaveCount(0);
  await page.getByRole('button', { name: 'Pause syncing' }).click();
  await expect(page.getByText('Syncing is paused')).toBeVisible();
  await page.getByRole('button', { name: 'Resume syncing' }).click();
  await expect(page.getByText('Syncing is paused')).toHaveCount(0);
});

test('the settings: another language, theme and order of authorities hold at once', async ({ page, showScripted }) => {
  const timestampAuthorities = ['https://tsa.example/', 'http://other.example/tsr'];
  await showScripted({ settings: { timestampAuthorities } });
  await expect(page.getByRole('row').first()).toBeVisible();
  await page.keyboard.press('Control+k');
  await page.keyboard.type('setti');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible();
  await lookAt(page, 'settings');
  await page.getByRole('button', { name: 'Choose a file…' }).click();
  await expect(page.getByText('/etc/ssl/office-network.pem')).toBeVisible();
  await expect(page.getByText('This holds from the next start of the app.')).toBeVisible();
  await page.getByRole('button', { name: 'Ask earlier: http://other.example/tsr' }).click();
  await expect(page.getByRole('listitem').first()).toContainText('other.example');
  await page.getByLabel('Add an authority by its address').fill('ftp://x');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(page.getByText('This is not a web address')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Look now' })).toBeDisabled();
  const updates = page.getByRole('region', { name: 'Updates' });
  await updates.getByLabel('Where new versions are listed').fill('https://office.example/countersign');
  await updates.getByRole('button', { name: 'Apply' }).click();
  await page.getByRole('button', { name: 'Look now' }).click();
  await expect(updates.getByRole('status')).toHaveText(/^Version 1\.5\.0 of .+ is there\.$/);
  await updates.scrollIntoViewIfNeeded();
  await lookAt(page, 'settings-updates');
  await page.getByText('Dark', { exact: true }).click();
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark');
  await page.getByText('High contrast', { exact: true }).click();
  await expect(page.locator('html')).toHaveAttribute('data-contrast', 'more');
  // What the library colours by the scheme is of more contrast too.
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect(page.locator('body')).toHaveCSS('background-color', 'rgb(0, 0, 0)');
  await lookAt(page, 'settings-contrast');
  await page.getByRole('combobox', { name: 'Language' }).selectOption('it');
  await expect(page.getByRole('heading', { level: 1, name: 'Impostazioni' })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'it');
});

test('the settings: an authority is signed in to with a password or a certificate', async ({ page, showScripted }) => {
  const [url, open] = ['https://tsa.example/', 'http://other.example/tsr'];
  const { made } = await showScripted({ settings: { timestampAuthorities: [url, open] } });
  await expect(page.getByRole('row').first()).toBeVisible();
  await page.keyboard.press('Control+k');
  await page.keyboard.type('setti');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: `Sign-in at ${url}` }).click();
  const dialog = page.getByRole('dialog');
  const asksFor = dialog.getByRole('combobox', { name: 'The authority asks for' });
  await asksFor.selectOption('password');
  await dialog.getByLabel('User name').fill('clinic');
  await dialog.getByLabel(/^Password/).fill('s3cret word');
  await lookAt(page, 'settings-access');
  await dialog.getByRole('button', { name: 'Apply' }).click();
  await expect(page.getByText('Signs in as clinic')).toBeVisible();
  await page.getByRole('button', { name: `Sign-in at ${url}` }).click();
  await expect(dialog.getByLabel(/^Password/)).toHaveValue('');
  await expect(dialog.getByText('What is kept is not shown')).toBeVisible();
  await asksFor.selectOption('certificate');
  const file = { name: 'clinic.p12', mimeType: 'application/x-pkcs12', buffer: Buffer.from('key') };
  await dialog.getByLabel('Certificate and key (PKCS#12 file)').setInputFiles(file);
  await dialog.getByLabel('Passphrase of the file').fill('wrong');
  await dialog.getByRole('button', { name: 'Apply' }).click();
  await expect(dialog.getByText('The passphrase does not open the file')).toBeVisible();
  await dialog.getByLabel('Passphrase of the file').fill('right');
  await dialog.getByRole('button', { name: 'Apply' }).click();
  await expect(page.getByText('Shows the certificate clinic.p12')).toBeVisible();
  await page.getByRole('button', { name: `Sign-in at ${open}` }).click();
  await expect(asksFor.getByRole('option', { name: 'A client certificate' })).toBeDisabled();
  await page.keyboard.press('Escape');
  expect(made).toContain('authorities.setCertificate');
});

test('the keyboard alone: find, choose a range, open, come back, help', async ({ page, showScripted }) => {
  await showScripted({ tokens: [goodCard], moreRows: 300 });
  await expect(page.getByRole('row').first()).toBeVisible();
  await page.keyboard.press('g');
  await page.keyboard.press('a');
  await expect(page.getByRole('heading', { level: 1, name: 'All' })).toBeVisible();
  await page.keyboard.press('/');
  await page.keyboard.type('purchase order 0000');
  await expect(page.getByRole('grid')).toHaveAttribute('aria-rowcount', '9');
  await page.getByRole('row').first().focus();
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Shift+ArrowDown');
  await expect(page.getByText('3 selected', { exact: true }).first()).toBeVisible();
  await page.keyboard.press('Control+a');
  await expect(page.getByText('9 selected', { exact: true }).first()).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'Clear selection' })).toHaveCount(0);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Inbox' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('row', { selected: false }).nth(3)).toBeFocused();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  await lookAt(page, 'shortcuts');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  await page.keyboard.type('consent');
  await expect(page.getByRole('option', { name: /Consent to an operation/ })).toBeVisible();
  await lookAt(page, 'palette');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('region', { name: 'Document' })).toContainText('Consent to an operation');
});

test('what a sync brings moves nobody off their row', async ({ page, showScripted }) => {
  const desk = await showScripted({ tokens: [goodCard] });
  const row = page.getByRole('row', { name: /Consent to an operation/ });
  await expect(page.getByRole('row').first()).toContainText('Consent to an operation');
  await row.focus();
  desk.arrive('Lease of a garage');
  await expect(page.getByRole('row').first()).toContainText('Lease of a garage');
  await expect(row).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('region', { name: 'Document' })).toContainText('Consent to an operation');
  desk.arrive('Lease of a boat');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('row').first()).toContainText('Lease of a boat');
  await expect(row).toBeFocused();
  await expect(row).toHaveAttribute('aria-rowindex', '3');

  const box = await row.boundingBox();
  if (!box) throw new Error('no row');
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  desk.arrive('Lease of a shed');
  await expect(page.getByRole('row').first()).toContainText('Lease of a shed');
  await page.mouse.up();
  // Pressed on one row and released on another opens neither.
  await expect(page.getByRole('grid')).toBeVisible();
  await row.click();
  await expect(page.getByRole('region', { name: 'Document' })).toContainText('Consent to an operation');
});

test('what a sync brings moves nothing of what is read further down', async ({ page, showScripted }) => {
  const desk = await showScripted({ tokens: [goodCard], moreRows: 300 });
  await expect(page.getByRole('row').first()).toBeVisible();
  await page.keyboard.press('g');
  await page.keyboard.press('a');
  await expect(page.getByRole('heading', { level: 1, name: 'All' })).toBeVisible();
  await page.getByRole('row').first().hover();
  await page.mouse.wheel(0, 2000);
  const row = page.getByRole('row', { name: /Purchase order 00035/ });
  await expect(row).toBeVisible();
  const before = await row.boundingBox();
  const index = Number(await row.getAttribute('aria-rowindex'));
  desk.arrive('Lease of a garage');
  await expect(row).toHaveAttribute('aria-rowindex', `${index + 1}`);
  await expect.poll(() => row.boundingBox()).toEqual(before);
});

test('what is typed right behind the key of the palette is typed into it, on a slow computer too', async ({
  page,
  showScripted,
}) => {
  await showScripted({ moreRows: 5_000 });
  await expect(page.getByRole('row').first()).toBeVisible();
  const browser = await page.context().newCDPSession(page);
  await browser.send('Emulation.setCPUThrottlingRate', { rate: 6 });
  const press = (type: 'keyDown' | 'rawKeyDown' | 'keyUp', key: string, more: object = {}) =>
    browser.send('Input.dispatchKeyEvent', { type, key, ...more });
  const palette = { modifiers: 2, code: 'KeyK', windowsVirtualKeyCode: 75 };
  // None waits for the one before: as fast as keys can come.
  const keys = [press('rawKeyDown', 'k', palette), press('keyUp', 'k', palette)];
  for (const key of 'setti') keys.push(press('keyDown', key, { text: key }), press('keyUp', key));
  await Promise.all(keys);
  await expect(page.getByRole('combobox')).toHaveValue('setti');
});

test('a link, or a notice that is clicked, opens its document; the title counts what waits', async ({
  page,
  showScripted,
}) => {
  const desk = await showScripted({ opened: 'account-1:3' });
  await expect(page.getByRole('region', { name: 'Document' })).toContainText('Residential lease');
  await expect(page).toHaveTitle('(7) Countersign');
  desk.emit('app.open', { transactionId: 'account-1:2' });
  await expect(page.getByRole('region', { name: 'Document' })).toContainText('Deed of gift');
});

test('one signs out, and in again with the password alone', async ({ page, showScripted }) => {
  const desk = await showScripted({});
  await page.getByRole('button', { name: 'Actions for Signing Today' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(page.getByText('Sign-in has ended')).toBeVisible();
  // What is here stays in the list.
  await expect(page.getByText('Deed of gift')).toBeVisible();
  await page.getByRole('button', { name: 'Actions for Signing Today' }).click();
  await page.getByRole('menuitem', { name: 'Sign in again' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText('Marta Kalniņa at https://signing.example')).toBeVisible();
  await expect(dialog.getByRole('textbox', { name: 'Password' })).toBeFocused();
  await expect(dialog.getByLabel('User name')).toHaveCount(0);
  await page.keyboard.type('wrong');
  await page.keyboard.press('Enter');
  await expect(dialog.locator('[data-error-code="sign-in-refused"]')).toBeVisible();
  await lookAt(page, 'account-renew');
  await dialog.getByRole('textbox', { name: 'Password' }).fill('right');
  await page.keyboard.press('Enter');
  await expect(dialog).toHaveCount(0);
  await expect(page.getByText('Sign-in has ended')).toHaveCount(0);
  expect(desk.made.filter((name) => name.startsWith('accounts.sign'))).toEqual([
    'accounts.signOut',
    'accounts.signIn',
    'accounts.signIn',
  ]);
});

test('the user name is asked for where it is not known from before', async ({ page, showScripted }) => {
  await showScripted({ forgotUserName: true });
  await page.getByRole('button', { name: 'Actions for Signing Today' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByRole('button', { name: 'Actions for Signing Today' }).click();
  await page.getByRole('menuitem', { name: 'Sign in again' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Password' }).fill('right');
  await page.keyboard.press('Enter');
  await expect(dialog.locator('[data-error-code="username-needed"]')).toBeVisible();
  await dialog.getByRole('textbox', { name: 'User name' }).fill('marta');
  await dialog.getByRole('textbox', { name: 'Password' }).fill('right');
  await page.keyboard.press('Enter');
  await expect(dialog).toHaveCount(0);
});

test('the number keys follow the rail from top to bottom', async ({ page, showScripted }) => {
  await showScripted({});
  const places = page.getByRole('navigation', { name: 'Places' }).getByRole('button');
  await expect(places.first()).toBeVisible();
  const count = await places.count();
  expect(count).toBeGreaterThan(3);
  for (let i = count; i >= 1; i--) {
    await expect(places.nth(i - 1)).toHaveAttribute('aria-keyshortcuts', `Control+${i}`);
    await page.keyboard.press(`Control+${i}`);
    await expect(places.nth(i - 1)).toHaveAttribute('aria-current', 'page');
  }
});

test('what a service told of is listed, cleared with the others of its transaction, and opened', async ({
  page,
  showScripted,
}) => {
  const at = Date.now() - 3_600_000;
  const told = { accountId: 'account-1', at };
  await showScripted({
    notifications: [
      {
        ...told,
        id: 'n1',
        transactionId: 'account-1:2',
        title: 'Deed of gift “Harbour in the Morning”',
        event: 'to-sign',
      },
      { ...told, id: 'n2', transactionId: 'account-1:1', title: 'Consent to an operation', event: 'note-added' },
      { ...told, id: 'n3', transactionId: 'account-1:1', title: 'Consent to an operation', event: 'to-sign' },
      { ...told, id: 'n4', title: 'A lease that is gone', event: 'expired' },
    ],
  });
  await page.getByRole('button', { name: '4 notifications' }).click();
  const list = page.getByRole('dialog', { name: '4 notifications' });
  await expect(list.getByRole('listitem')).toHaveCount(4);
  await lookAt(page, 'notifications');
  await list.getByRole('button', { name: 'Clear what is told of Consent' }).first().click();
  await expect(page.getByRole('dialog').getByRole('listitem')).toHaveCount(2);
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /To be signed.*Deed of gift/ })
    .click();
  await expect(page.getByRole('heading', { name: 'Deed of gift' })).toBeVisible();
});
