/** Files of one's own on a real desk with a SoftHSM card: dropped, signed with a mark put on the page, verified; altered, found out. */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { localBridge } from '../../main/ipc/index.ts';
import { drop, type FilesDesk, startFilesDesk } from './files-desk.ts';
import { expect, lookAt, small, test } from './window-test.ts';

const run = promisify(execFile);

/** AES-256 (R6), by qpdf. */
async function encrypted(pdf: Uint8Array, password: string): Promise<Uint8Array> {
  const dir = await mkdtemp(join(tmpdir(), 'countersign-encrypt-'));
  try {
    const [plain, secret] = [join(dir, 'plain.pdf'), join(dir, 'secret.pdf')];
    await writeFile(plain, pdf);
    await run('qpdf', ['--encrypt', password, 'owner', '256', '--', plain, secret]);
    return await readFile(secret);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

let desk: FilesDesk;
test.setTimeout(180_000);
test.beforeAll(async () => {
  desk = await startFilesDesk();
});
test.afterAll(() => desk?.stop());

test('without an account a damaged file is written anew and signed, and a table becomes a signed message', async ({
  show,
  samples,
}) => {
  const page = await show(desk.demo);
  await expect(page.getByRole('button', { name: 'Open PDF…' })).toBeVisible();
  const whole = Buffer.from(samples.find(({ name }) => name === 'classic-xref')?.bytes ?? []).toString('latin1');
  const damaged = Buffer.from(whole.replace(/startxref\s+\d+/, 'startxref\n7'), 'latin1');
  await drop(page, 'damaged.pdf', damaged);
  await expect(page.getByText('You can have it written anew when you sign it.')).toBeVisible();
  await page.getByRole('button', { name: 'Sign this file' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText('damaged: not signed as it is')).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Sign', exact: true })).toBeDisabled();
  await dialog.getByText('Kind of signature').click();
  await lookAt(page, 'files-rewrite');
  await dialog.getByLabel('Write damaged files anew').check();
  await dialog.getByLabel('Certify the document').selectOption('Allow filling in and signing');
  await dialog.getByLabel('PIN').fill(desk.demo.pin);
  await dialog.getByLabel('PIN').press('Enter');
  await expect(dialog.locator('[data-job="signed"]')).toBeVisible();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await expect(page.locator('[data-valid="true"]')).toBeVisible();
  const signed = await readFile(join(desk.downloads, 'damaged.signed.pdf'), 'latin1');
  expect(/\/TransformParams\s*<<[^>]*\/P 2/.test(signed)).toBe(true);

  await drop(page, 'table.csv', Buffer.from('a,b\n1,2\n'));
  await page.getByRole('button', { name: 'table.csv', exact: true }).click();
  await page.getByRole('button', { name: 'Sign this file' }).click();
  await expect(dialog.getByText('as a signed message')).toBeVisible();
  await dialog.getByText('Stated in the signature').click();
  await dialog.getByLabel('Commitment').selectOption('Proof of approval');
  await dialog.getByLabel('Country (two letters)').fill('L');
  await expect(dialog.getByText('Two letters, as in IT or DE')).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Sign', exact: true })).toBeDisabled();
  await dialog.getByLabel('Country (two letters)').fill('LV');
  await lookAt(page, 'files-stated');
  await dialog.getByLabel('PIN').fill(desk.demo.pin);
  await dialog.getByLabel('PIN').press('Enter');
  await expect(dialog.locator('[data-job="signed"]')).toBeVisible();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await expect(page.getByRole('button', { name: /^table\.csv\.p7m/ })).toBeVisible();
  await expect(page.locator('[data-valid="true"]')).toBeVisible();
  // id-aa-ets-commitmentType, 1.2.840.113549.1.9.16.2.16.
  const message = await readFile(join(desk.downloads, 'table.csv.p7m'));
  expect(message.includes(Buffer.from('2a864886f70d0109100210', 'hex'))).toBe(true);

  // Dropped as somebody else's would be, it is verified, and has one more signature put into it.
  await drop(page, 'agreed.csv.p7m', message);
  await page.getByRole('button', { name: 'agreed.csv.p7m', exact: true }).click();
  const signatures = page.getByRole('list', { name: 'Signatures' }).getByRole('listitem');
  await expect(signatures).toHaveCount(1);
  await page.getByRole('button', { name: 'Add a signature' }).click();
  await expect(dialog.getByText('one more signature in the message')).toBeVisible();
  await lookAt(page, 'files-message');
  await page.setViewportSize(small);
  await dialog.getByLabel('PIN').fill(desk.demo.pin);
  await dialog.getByLabel('PIN').press('Enter');
  await expect(dialog.locator('[data-job="signed"]')).toBeVisible();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await expect(page.getByRole('button', { name: /^agreed\.csv\.signed\.p7m/ })).toBeInViewport();
  await page.setViewportSize({ width: 1280, height: 800 });
  await expect(signatures).toHaveCount(2);
  await expect(page.locator('[data-valid="true"]')).toBeVisible();
  await lookAt(page, 'files-message-signed');
});

test('a signature beside its file has one more put into it once the file is chosen', async ({ page, show }) => {
  await show(desk.demo);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  const content = Buffer.from('a,b\n1,2\n');
  const dialog = page.getByRole('dialog');
  await drop(page, 'list.csv', content);
  await page.getByRole('button', { name: 'list.csv', exact: true }).click();
  await page.getByRole('button', { name: 'Sign this file' }).click();
  await dialog.getByText('Kind of signature').click();
  await dialog.getByLabel('Form').selectOption('Signed message beside the file (CAdES)');
  await dialog.getByLabel('PIN').fill(desk.demo.pin);
  await dialog.getByLabel('PIN').press('Enter');
  await expect(dialog.locator('[data-job="signed"]')).toBeVisible();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('button', { name: 'Add a signature' }).click();
  await expect(dialog.getByText('choose its signed content first')).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Sign', exact: true })).toBeDisabled();
  await lookAt(page, 'files-message-content');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await page.getByLabel('Signed content').selectOption('list.csv');
  await expect(page.locator('[data-valid="true"]')).toBeVisible();
  await page.getByRole('button', { name: 'Add a signature' }).click();
  await dialog.getByLabel('PIN').fill(desk.demo.pin);
  await dialog.getByLabel('PIN').press('Enter');
  await expect(dialog.locator('[data-job="signed"]')).toBeVisible();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await expect(page.getByRole('list', { name: 'Signatures' }).getByRole('listitem')).toHaveCount(2);
});

test('a dropped file is signed where the mark was put, and its signatures are verified', async ({ show, samples }) => {
  const { baseUrl, username, password, clientId, clientSecret } = desk.demo;
  const added = await localBridge(desk.demo.onCall, desk.demo.on).call('accounts.add', {
    ...{ baseUrl, username, password, clientId, clientSecret },
    provider: 'signing-today',
  });
  expect(added.ok).toBe(true);
  const page = await show(desk.demo);
  await expect(page.getByRole('heading', { name: 'To do' })).toBeVisible();
  const sample = samples.find(({ name }) => name === 'classic-xref');
  await drop(page, 'deed.pdf', sample?.bytes ?? new Uint8Array());
  await expect(page.getByRole('heading', { name: 'PDF files' })).toBeVisible();
  await expect(page.locator('[data-page="1"][data-painted="true"]')).toBeVisible();
  await expect(page.getByText('There is no signature in this document.')).toBeVisible();

  await page.getByRole('button', { name: 'Place my mark' }).click();
  const place = page.getByRole('button', { name: 'Place of your signature' });
  const before = await place.boundingBox();
  await place.focus();
  for (let i = 0; i < 5; i++) await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Shift+ArrowLeft');
  const after = await place.boundingBox();
  expect(after && before && after.y < before.y && after.width < before.width).toBe(true);
  await lookAt(page, 'files-place');

  await page.getByRole('button', { name: 'Sign this file' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText('mark on page 1')).toBeVisible();
  await dialog.getByLabel('PIN').fill(desk.demo.pin);
  await dialog.getByLabel('PIN').press('Enter');
  await expect(dialog.locator('[data-job="signed"]')).toBeVisible();
  await expect(dialog.getByText('The signed files are saved.')).toBeVisible();
  await dialog.getByRole('button', { name: 'Done' }).click();

  await expect(page.locator('[data-valid="true"]')).toBeVisible();
  // Trusted, and the authority says that it was not revoked.
  await expect(page.locator('p[data-tone="good"]')).toBeVisible();
  await lookAt(page, 'files-verified');
  const made = (await readdir(desk.downloads)).find((name) => name.startsWith('deed')) ?? '';
  const signed = await readFile(join(desk.downloads, made));
  const middle = signed.indexOf('endobj');
  const altered = Uint8Array.from(signed);
  altered[middle - 3] = (altered[middle - 3] ?? 0) ^ 1;
  await drop(page, 'altered.pdf', altered);
  await page.getByRole('button', { name: 'altered.pdf', exact: true }).click();
  await expect(page.locator('[data-reason="altered"]')).toBeVisible();
});

test('a file with a password is opened by it, signed by mouse and stays encrypted', async ({ page, show, samples }) => {
  await show(desk.demo);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  const plain = samples.find(({ name }) => name === 'classic-xref')?.bytes ?? new Uint8Array();
  await drop(page, 'secret.pdf', await encrypted(plain, 'drei Worte hier'));
  const field = page.getByLabel('Password of the file');
  await expect(field).toBeFocused();
  await field.fill('falsch');
  await page.keyboard.press('Enter');
  await expect(page.getByText('This password does not open the file')).toBeVisible();
  await expect(field).toHaveValue('');
  await lookAt(page, 'files-password');
  await field.fill('drei Worte hier');
  await page.keyboard.press('Enter');
  await expect(page.locator('[data-page="1"][data-painted="true"]')).toBeVisible();

  await page.getByRole('button', { name: 'Place my mark' }).click();
  const place = page.getByRole('button', { name: 'Place of your signature' });
  const before = await place.boundingBox();
  if (!before) throw new Error('no place');
  const [x, y] = [before.x + before.width / 2, before.y + before.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 40, y - 60, { steps: 5 });
  await page.mouse.up();
  const moved = async () => {
    const now = await place.boundingBox();
    return now && [Math.round(now.x - before.x), Math.round(now.y - before.y)];
  };
  await expect.poll(moved).toEqual([40, -60]);

  await page.getByRole('button', { name: 'Sign this file' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('PIN').fill(desk.demo.pin);
  await dialog.getByLabel('PIN').press('Enter');
  await expect(dialog.locator('[data-job="signed"]')).toBeVisible();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await expect(page.locator('[data-valid="true"]')).toBeVisible();
  const path = join(desk.downloads, 'secret.signed.pdf');
  await expect(run('qpdf', ['--check', path])).rejects.toThrow(/invalid password/);
  const { stdout } = await run('qpdf', ['--password=drei Worte hier', '--check', path]);
  expect(stdout).toContain('No syntax or stream encoding errors found');
});
