/** What opens over a screen (menus, popovers, lists to choose from, hints, and the dialogs no other spec looks at) is looked at open: by axe and for cut texts, in both themes and the
 * smallest window, where they have least room. */
import type { Page } from '@playwright/test';
import { scriptedConflict } from './scripted-activity.ts';
import type { Script } from './scripted-desk.ts';
import { scriptedPrepare } from './scripted-prepare.ts';
import { expect, lookAt, small, test } from './window-test.ts';

interface Popup {
  readonly script?: Partial<Script>;
  /** Opens it. */
  readonly open: (page: Page) => Promise<void>;
  /** What is open then, by its role. */
  readonly role: 'menu' | 'dialog' | 'listbox' | 'tooltip';
}

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
const withConflict = { conflicts: [scriptedConflict(Date.now())] };
const phone = {
  ...{ deviceId: 'phone', name: 'Marta’s phone', registeredAt: Date.UTC(2026, 1, 3) },
  ...{ thisComputer: false, revoking: false },
};
const withPhone = { devices: { devices: [phone] } };

async function settle(page: Page, choice: string): Promise<void> {
  await page.getByRole('button', { name: /^Activity/ }).click();
  await press(page, choice);
}

async function onPhone(page: Page, what: string): Promise<void> {
  await press(page, 'Devices');
  await press(page, `${what} Marta’s phone`);
}

const popups: Readonly<Record<string, Popup>> = {
  'account-menu': {
    open: (page) => page.getByRole('button', { name: 'Actions for Signing Today' }).click(),
    role: 'menu',
  },
  filter: {
    open: (page) => page.getByRole('button', { name: 'Filter and density' }).click(),
    role: 'dialog',
  },
  'notifications-none': {
    open: (page) => page.getByRole('button', { name: 'Notifications' }).click(),
    role: 'dialog',
  },
  hint: {
    open: (page) => page.getByRole('button', { name: 'Filter and density' }).hover(),
    role: 'tooltip',
  },
  'account-add': { open: (page) => press(page, 'Add account'), role: 'dialog' },
  'account-remove': {
    async open(page) {
      await press(page, 'Actions for Signing Today');
      await page.getByRole('menuitem', { name: 'Remove account' }).click();
    },
    role: 'dialog',
  },
  'conflict-tell': { script: withConflict, open: (page) => settle(page, 'Tell the sender'), role: 'dialog' },
  'conflict-discard': { script: withConflict, open: (page) => settle(page, 'Give up my change'), role: 'dialog' },
  'device-rename': { script: withPhone, open: (page) => onPhone(page, 'Rename'), role: 'dialog' },
  'device-revoke': { script: withPhone, open: (page) => onPhone(page, 'Revoke'), role: 'dialog' },
  'new-mark': {
    async open(page) {
      await press(page, 'Settings');
      await press(page, 'New mark');
    },
    role: 'dialog',
  },
  diagnostics: {
    async open(page) {
      await press(page, 'Settings');
      await press(page, 'Show');
    },
    role: 'dialog',
  },
  'prepare-people': {
    script: { more: scriptedPrepare().handlers },
    async open(page) {
      await press(page, 'Prepare');
      await page.getByLabel('Signer 1: E-mail').fill('sara@');
      await expect(page.getByRole('option', { name: /Sara Serra/ })).toBeVisible();
    },
    role: 'listbox',
  },
  'prepare-template': {
    script: { more: scriptedPrepare().handlers },
    async open(page) {
      await press(page, 'Prepare');
      await page.locator('label').getByText('From a template').click();
      await page.getByRole('combobox', { name: 'Template' }).click();
      await expect(page.getByRole('listbox').getByRole('option').first()).toBeVisible();
    },
    role: 'listbox',
  },
  'prepare-copies': {
    script: { more: scriptedPrepare().handlers },
    async open(page) {
      await press(page, 'Prepare');
      await page.getByRole('combobox', { name: 'Inform' }).pressSequentially('sara');
      await expect(page.getByRole('listbox').getByRole('option').first()).toBeVisible();
    },
    role: 'listbox',
  },
};

for (const [name, { script = {}, open, role }] of Object.entries(popups)) {
  test(`open: ${name}`, async ({ page, showScripted }) => {
    await page.setViewportSize(small);
    await showScripted(script);
    await expect(page.getByRole('row').first()).toBeVisible();
    await open(page);
    await expect(page.getByRole(role)).toBeVisible();
    await lookAt(page, `open-${name}`, [small]);
    // It was open all the while.
    await expect(page.getByRole(role)).toBeVisible();
  });
}
