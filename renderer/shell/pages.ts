/**
 * The window's pages besides inbox and document: a page more is one entry here, and it is in the rail, the command palette and
 * the shortcuts. Each is fetched while the window has nothing else to do, or when it is first opened; it gets `onBack`, and has its own header and `main`.
 */
import type { ComponentType } from 'react';
import { type Fetched, fetched } from '../ui/fetched.tsx';
import { ActivityIcon, CardIcon, DeviceIcon, FileIcon, PrepareIcon, SettingsIcon } from '../ui/icons.tsx';

export interface Page {
  readonly label: string;
  readonly Icon: ComponentType;
  readonly Screen: Fetched<{ readonly onBack: () => void }>;
  /** At the rail's foot, with what belongs to the app and not to the work. */
  readonly atFoot?: boolean;
}

export const DocumentScreen = fetched(() => import('../features/document/document-screen.tsx'));

export const pages = {
  activity: {
    label: 'nav.activity',
    Icon: ActivityIcon,
    Screen: fetched(() => import('../features/activity/activity-screen.tsx')),
  },
  tokens: {
    label: 'tokens.link',
    Icon: CardIcon,
    Screen: fetched(() => import('../features/tokens/tokens-screen.tsx')),
  },
  prepare: {
    label: 'prepare.nav',
    Icon: PrepareIcon,
    Screen: fetched(() => import('../features/prepare/prepare-screen.tsx')),
  },
  devices: {
    label: 'devices.title',
    Icon: DeviceIcon,
    Screen: fetched(() => import('../features/devices/devices-screen.tsx')),
  },
  settings: {
    label: 'nav.settings',
    Icon: SettingsIcon,
    Screen: fetched(() => import('../features/settings/settings-screen.tsx')),
    atFoot: true,
  },
  files: {
    label: 'files.title',
    Icon: FileIcon,
    Screen: fetched(() => import('../features/files/files-screen.tsx')),
  },
} as const satisfies Readonly<Record<string, Page>>;

export type PageName = keyof typeof pages;
const atFoot = (name: PageName) => (pages[name] as Page).atFoot === true;
const names = Object.keys(pages) as readonly PageName[];
/** As the rail has them from top to bottom: those at its foot come last, and the number keys follow. */
export const pageNames: readonly PageName[] = [...names.filter((name) => !atFoot(name)), ...names.filter(atFoot)];
