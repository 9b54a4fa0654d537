/** The window's few icons: strokes of one width on a 16-unit grid, decorative (the name is on the control). */
import type { ReactNode } from 'react';

function Icon({ children, size = 16 }: { children: ReactNode; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {children}
    </svg>
  );
}

export const BackIcon = () => (
  <Icon>
    <path d="M9.5 3 4.5 8l5 5" />
  </Icon>
);
export const UpIcon = () => (
  <Icon>
    <path d="m3.5 10 4.5-4.5L12.5 10" />
  </Icon>
);
export const DownIcon = () => (
  <Icon>
    <path d="m3.5 6 4.5 4.5L12.5 6" />
  </Icon>
);
export const PlusIcon = () => (
  <Icon>
    <path d="M8 3v10M3 8h10" />
  </Icon>
);
export const MinusIcon = () => (
  <Icon>
    <path d="M3 8h10" />
  </Icon>
);
export const SearchIcon = () => (
  <Icon>
    <circle cx="7" cy="7" r="4" />
    <path d="m10 10 3.5 3.5" />
  </Icon>
);
export const SyncIcon = () => (
  <Icon size={14}>
    <path d="M13 6.5A5.2 5.2 0 0 0 3.6 5M3 9.5A5.2 5.2 0 0 0 12.4 11" />
    <path d="M3.3 2v3h3M12.7 14v-3h-3" />
  </Icon>
);
export const UrgentIcon = () => (
  <Icon size={14}>
    <path d="M8 3v6" />
    <path d="M8 12.5v.1" />
  </Icon>
);
export const CheckIcon = () => (
  <Icon size={14}>
    <path d="m3 8.5 3.3 3.2L13 5" />
  </Icon>
);
export const ClockIcon = () => (
  <Icon size={14}>
    <circle cx="8" cy="8" r="5.5" />
    <path d="M8 5v3.2l2 1.3" />
  </Icon>
);
export const AlertIcon = () => (
  <Icon size={14}>
    <path d="M8 2.5 14 13H2z" />
    <path d="M8 6.5v3M8 11.3v.1" />
  </Icon>
);
export const PenIcon = () => (
  <Icon size={14}>
    <path d="m10.5 3 2.5 2.5L5.5 13H3v-2.5z" />
  </Icon>
);
export const KeyIcon = () => (
  <Icon>
    <circle cx="5.25" cy="10.75" r="2.75" />
    <path d="m7.25 8.75 5.5-5.5M10.5 5.5l2 2" />
  </Icon>
);
export const CardIcon = () => (
  <Icon>
    <rect x="2" y="3.5" width="12" height="9" rx="1.5" />
    <path d="M4.5 6.5h2.5v3H4.5z" />
  </Icon>
);
export const DeviceIcon = () => (
  <Icon>
    <rect x="4.5" y="1.75" width="7" height="12.5" rx="1.25" />
    <path d="M7.25 12h1.5" />
  </Icon>
);
export const PanelIcon = () => (
  <Icon>
    <rect x="2" y="3" width="12" height="10" rx="1.5" />
    <path d="M10 3v10" />
  </Icon>
);
export const CloseIcon = () => (
  <Icon>
    <path d="m4 4 8 8M12 4l-8 8" />
  </Icon>
);
export const PagesIcon = () => (
  <Icon>
    <rect x="2" y="2.5" width="4.5" height="5" rx="0.75" />
    <rect x="2" y="9" width="4.5" height="4.5" rx="0.75" />
    <path d="M9 4h5M9 8h5M9 12h5" />
  </Icon>
);
export const FitWidthIcon = () => (
  <Icon>
    <path d="M2 3v10M14 3v10M4.5 8h7M6.5 6l-2 2 2 2M9.5 6l2 2-2 2" />
  </Icon>
);
export const FitPageIcon = () => (
  <Icon>
    <rect x="4" y="2.5" width="8" height="11" rx="1" />
    <path d="M8 5v6M6.5 6.5 8 5l1.5 1.5M6.5 9.5 8 11l1.5-1.5" />
  </Icon>
);
export const TurnIcon = () => (
  <Icon>
    <path d="M13 8a5 5 0 1 1-1.6-3.7" />
    <path d="M13 2.5v3h-3" />
  </Icon>
);
export const PrintIcon = () => (
  <Icon>
    <path d="M4.5 6V2.5h7V6M4.5 11.5H2.5V6h11v5.5h-2" />
    <rect x="4.5" y="9.5" width="7" height="4" />
  </Icon>
);
export const InboxIcon = () => (
  <Icon>
    <path d="M2.5 9.5 4.5 3.5h7l2 6v3h-11z" />
    <path d="M2.5 9.5H6a2 2 0 0 0 4 0h3.5" />
  </Icon>
);
export const ActivityIcon = () => (
  <Icon>
    <path d="M5 12V4M2.8 6.2 5 4l2.2 2.2M11 4v8M8.8 9.8 11 12l2.2-2.2" />
  </Icon>
);
export const SettingsIcon = () => (
  <Icon>
    <path d="M2.5 4.5h6M12 4.5h1.5M2.5 11.5H4M7.5 11.5h6" />
    <circle cx="10.2" cy="4.5" r="1.7" />
    <circle cx="5.8" cy="11.5" r="1.7" />
  </Icon>
);
export const FilterIcon = () => (
  <Icon size={14}>
    <path d="M2.5 4h11M4.5 8h7M6.5 12h3" />
  </Icon>
);
export const TagIcon = () => (
  <Icon size={14}>
    <path d="M2.5 3h5.2l5.8 5.8-4.7 4.7L3 7.7z" />
    <path d="M5.5 5.5v.1" />
  </Icon>
);
export const MoreIcon = () => (
  <Icon>
    <path d="M3.5 8v.1M8 8v.1M12.5 8v.1" />
  </Icon>
);
export const PrepareIcon = () => (
  <Icon>
    <path d="M9 2H4v12h8V5L9 2v3h3M6 8h4M6 11h2" />
  </Icon>
);
export const FileIcon = () => (
  <Icon>
    <path d="M4 2.5h5L12 5.5v8H4z" />
    <path d="M9 2.5v3h3" />
  </Icon>
);
export const BellIcon = () => (
  <Icon>
    <path d="M4 11V7a4 4 0 0 1 8 0v4l1.5 1.5h-11ZM6.75 14.5h2.5" />
  </Icon>
);
