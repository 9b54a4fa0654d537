/**
 * The window's pages besides inbox and document: a page more is one entry here, and it is in the rail, the command palette and
 * the shortcuts. Each is fetched when it is first opened; it gets `onBack`, and has its own header and `main`.
 */
import { type ComponentType, lazy } from 'react';
import { ActivityIcon, CardIcon, DeviceIcon, FileIcon, PrepareIcon, SettingsIcon } from '../ui/icons.tsx';

export interface Page {
  readonly label: string;
  readonly Icon: ComponentType;
  readonly Screen: ComponentType<{ readonly onBack: () => void }>;
  /** At the rail's foot, with what belongs to the app and not to the work. */
  readonly atFoot?: boolean;
}

export const pages = {
  activity: {
    label: 'nav.activity',
    Icon: ActivityIcon,
    Screen: lazy(() => import('../features/activity/activity-screen.tsx')),
  },
  tokens: {
    label: 'tokens.link',
    Icon: CardIcon,
    Screen: lazy(() => import('../features/tokens/tokens-screen.tsx')),
  },
  prepare: {
    label: 'prepare.nav',
    Icon: PrepareIcon,
    Screen: lazy(() => import('../features/prepare/prepare-screen.tsx')),
  },
  devices: {
    label: 'devices.title',
    Icon: DeviceIcon,
    Screen: lazy(() => import('../features/devices/devices-screen.tsx')),
  },
  settings: {
    label: 'nav.settings',
    Icon: SettingsIcon,
    Screen: lazy(() => import('../features/settings/settings-screen.tsx')),
    atFoot: true,
  },
  files: {
    label: 'files.title',
    Icon: FileIcon,
    Screen: lazy(() => import('../features/files/files-screen.tsx')),
  },
} as const satisfies Readonly<Record<string, Page>>;

export type PageName = keyof typeof pages;
const atFoot = (name: PageName) => (pages[name] as Page).atFoot === true;
const names = Object.keys(pages) as readonly PageName[];
/** As the rail has them from top to bottom: those at its foot come last, and the number keys follow. */
export const pageNames: readonly PageName[] = [...names.filter((name) => !atFoot(name)), ...names.filter(atFoot)];
