/** Every screen, looked at in both themes and sizes, on a scripted desk. */
import { goodCard, lastTryCard, lockedCard } from './scripted-tokens.ts';
import { axeViolations, expect, lookAt, test } from './window-test.ts';

test('axe finds a planted fault', async ({ page, showScripted }) => {
  await showScripted({});
  await expect(page.getByRole('row').first()).toBeVisible();
  expect(await axeViolations(page)).toEqual([]);
  await page.evaluate(() => {
    const input = document.createElement('input');
    document.querySelector('main')?.append(input);
  });
  expect((await axeViolations(page)).map((found) => found.split(':')[0])).toContain('label');
});

test('the first screen signs in, and says what to do when that fails', async ({ page, showScripted }) => {
  await showScripted({ signedIn: false });
  await page.getByLabel('Address of the service').fill('http://signing.example');
  await page.getByLabel('User name').fill('marta');
  await page.getByLabel(/^Password/).fill('wrong');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByText('The address must begin with https://')).toBeVisible();
  await page.getByLabel('Address of the service').fill('signing.example/');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.locator('[data-error-code="sign-in-refused"]')).toBeVisible();
  await expect(page.getByLabel(/^Password/)).toHaveValue('');
  await lookAt(page, 'first-run');
  await page.getByLabel(/^Password/).fill('right');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('heading', { name: 'Your card' })).toBeVisible();
  await page.getByRole('button', { name: 'Continue without a card' }).click();
  await page.getByRole('button', { name: 'Later' }).click();
  await expect(page.getByRole('grid', { name: 'To do' })).toBeVisible();
});

test('the inbox lists, searches and is worked by keyboard', async ({ page, showScripted }) => {
  await showScripted({ moreRows: 100_000 });
  await expect(page.getByRole('row').first()).toBeVisible();
  await lookAt(page, 'inbox');
  await page.keyboard.press('/');
  await page.keyboard.type('lease');
  await expect(page.locator('mark').first()).toHaveText('lease', { ignoreCase: true });
  await lookAt(page, 'inbox-search');
  await page.keyboard.type(' of nothing');
  await expect(page.getByText('Nothing matches')).toBeVisible();
  await page.getByLabel('Search titles and senders').fill('');
  await page.getByRole('button', { name: /^All/ }).click();
  await page.getByRole('row').first().focus();
  await page.keyboard.press('End');
  await expect(page.getByText('Purchase order 100000')).toBeVisible();
  expect(await page.getByRole('row').count()).toBeLessThan(60);
  await page.keyboard.press('Home');
  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Space');
  await expect(page.getByText('2 selected')).toBeVisible();
  await lookAt(page, 'inbox-selected');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Inbox' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByText('2 selected')).toBeVisible();
});

test('the inbox without a network says since when, and what waits', async ({ page, showScripted }) => {
  const desk = await showScripted({ online: false });
  await page.getByText('Deed of gift').click();
  await page.getByRole('tab', { name: /Notes/ }).click();
  await page.getByLabel('New note').fill('Written on the train.');
  await page.getByRole('button', { name: 'Add note' }).click();
  await expect(page.getByRole('listitem').filter({ hasText: 'Written on the train.' })).toContainText('Not sent yet');
  await expect(page.getByText('1 waits to be sent')).toBeVisible();
  await lookAt(page, 'note-unsent');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Sync now' }).click();
  await expect(page.getByTitle('The service cannot be reached')).toBeVisible();
  await lookAt(page, 'inbox-offline');
  desk.setOnline(true);
  await expect(page.getByText('Online', { exact: true })).toBeVisible();
});

test('the inbox says what to do when it cannot be read', async ({ page, showScripted }) => {
  await showScripted({ failing: { 'inbox.list': 'internal' } });
  await expect(page.getByRole('alert')).toContainText('Something went wrong inside the app');
  await lookAt(page, 'inbox-error');
});

test('a document shows its pages and the place of my signature', async ({ page, showScripted }) => {
  const desk = await showScripted({});
  await page.getByText('Deed of gift').click();
  await expect(page.locator('[data-page="1"][data-painted="true"]')).toBeVisible();
  await page.getByRole('button', { name: 'My signature' }).click();
  await expect(page.locator('[data-mark="my-signature"]')).toBeVisible();
  await lookAt(page, 'document');
  await page.getByRole('button', { name: 'Zoom in' }).click();
  await page.getByLabel('Page', { exact: true }).fill('1');
  await page.keyboard.press('Enter');
  await expect(page.locator('[data-page="1"][data-painted="true"]')).toBeVisible();
  await page.getByRole('button', { name: 'Decline' }).click();
  await page.getByLabel('Reason').fill('The picture is not the one we spoke of.');
  await lookAt(page, 'decline');
  await page.getByRole('dialog').getByRole('button', { name: 'Decline' }).click();
  await expect(page.getByRole('region', { name: 'Document' }).locator('[data-status="declined"]')).toBeVisible();
  expect(desk.made).toContain('documents.read');
});

test('pages of every shape are shown: turned, cropped, three hundred, pictures', async ({ page, showScripted }) => {
  await showScripted({});
  for (const title of [
    'Schedule of works',
    'Consent to an operation',
    'Inventory of the depot',
    'Protocol of a handover',
  ]) {
    await page.getByText(title).first().click();
    await page.getByRole('button', { name: 'My signature' }).click();
    await expect(page.locator('[data-mark="my-signature"]').first()).toBeInViewport();
    await lookAt(page, `document-${title.split(' ')[0]?.toLowerCase()}`);
    await page.getByRole('button', { name: 'Inbox' }).click();
  }
});

test('fields are filled in on the page and beside it', async ({ page, showScripted }) => {
  await showScripted({});
  await page.getByText('Application for membership').click();
  const panel = page.getByRole('complementary');
  const main = page.getByRole('main');
  await main.getByLabel('Full name').fill('Marta Kalniņa');
  await expect(panel.getByLabel('Full name')).toHaveValue('Marta Kalniņa');
  await expect(panel.getByText('5 fields are still empty')).toBeVisible();
  await panel.getByRole('button', { name: 'Fill in' }).click();
  await expect(panel.getByLabel('Born')).toBeFocused();
  await expect(main.getByLabel('Born')).toHaveAttribute('aria-invalid', 'true');
  await expect(main.getByLabel('Full name')).toHaveAttribute('aria-invalid', 'false');
  await lookAt(page, 'fill');
  for (const label of ['Born', 'Address', 'Town', 'Telephone', 'Emergency']) await panel.getByLabel(label).fill('x');
  await panel.getByRole('button', { name: 'Fill in' }).click();
  await expect(page.getByRole('button', { name: 'Sign', exact: true })).toBeVisible();
});

test('a batch is reviewed and signed; a wrong PIN stops it and loses nothing', async ({ page, showScripted }) => {
  // Six looks at the screen, each in two themes and sizes.
  test.setTimeout(180_000);
  await showScripted({ tokens: [goodCard, lastTryCard, lockedCard] });
  for (const title of ['Consent', 'Deed', 'Schedule']) {
    await page.getByRole('checkbox', { name: new RegExp(`^Select ${title}`) }).check();
  }
  await page.getByRole('button', { name: 'Sign selected' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText('1 of 3: 0 approved, 0 skipped')).toBeVisible();
  await expect(dialog.locator('[data-ready="true"]')).toBeVisible();
  await lookAt(page, 'review');
  for (const at of [1, 2, 3]) {
    await expect(dialog.getByText(`${at} of 3: ${at - 1} approved`)).toBeVisible();
    await expect(dialog.locator('[data-ready="true"]')).toBeFocused();
    await page.keyboard.press('Enter');
  }
  await expect(dialog.getByRole('button', { name: 'Sign 3 documents…' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(dialog.getByRole('radio').first()).toBeChecked();
  await lookAt(page, 'sign');
  await dialog.getByRole('radio').nth(4).check();
  await expect(dialog.getByText('One try is left')).toBeVisible();
  await dialog.getByRole('radio').first().check();
  const pin = dialog.getByRole('textbox', { name: 'PIN' });
  await pin.fill('12');
  await dialog.getByRole('button', { name: 'Sign 4' }).click();
  await expect(dialog.getByText('No try was used')).toBeVisible();
  await pin.fill('9999');
  await dialog.getByRole('button', { name: 'Sign 4' }).click();
  await expect(dialog.locator('[data-error-code="pin-incorrect"]')).toBeVisible();
  await dialog.getByRole('textbox', { name: 'PIN' }).fill('123456');
  await dialog.getByRole('textbox', { name: 'PIN' }).press('Enter');
  await expect(dialog.getByText('4 signatures made')).toBeVisible();
  await expect(dialog.getByText('There is nothing left to do')).toBeVisible();
  await lookAt(page, 'sign-result');
  await dialog.getByRole('button', { name: 'Done' }).click();
  await expect(page.getByText('Deed of gift')).toHaveCount(0);
});

test('the PIN leaves its field when the field is left', async ({ page, showScripted }) => {
  await showScripted({ tokens: [goodCard] });
  await page.getByText('Deed of gift').click();
  await page.getByRole('button', { name: 'Sign', exact: true }).click();
  const pin = page.getByLabel('PIN');
  await pin.fill('123456');
  await page.getByRole('dialog').getByText('Sign with').click();
  await expect(pin).toHaveValue('');
});

test('without a card the dialog says which layer is missing', async ({ page, showScripted }) => {
  const tokenProblems = [{ modulePath: '/opt/vendor/libvendor-pkcs11.so', code: 'module-crashed' }];
  await showScripted({ tokenProblems });
  await page.getByText('Deed of gift').click();
  await page.getByRole('button', { name: 'Sign', exact: true }).click();
  await expect(page.getByText('No card found')).toBeVisible();
  await expect(page.getByText('libvendor-pkcs11.so')).toBeVisible();
  await lookAt(page, 'sign-no-card');
});

test('a document that is no PDF says so', async ({ page, showScripted, samples }) => {
  const broken = samples.map((sample) =>
    sample.name === 'classic-xref'
      ? { ...sample, bytes: new TextEncoder().encode('<html>no</html>'.repeat(300)) }
      : sample,
  );
  await showScripted({ samples: broken });
  await page.getByText('Deed of gift').click();
  await expect(page.locator('[data-error-code="not-a-pdf"]')).toBeVisible();
  await lookAt(page, 'document-broken');
});
