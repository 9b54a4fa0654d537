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
export const CardIcon = () => (
  <Icon>
    <rect x="2" y="3.5" width="12" height="9" rx="1.5" />
    <path d="M4.5 6.5h2.5v3H4.5z" />
  </Icon>
);
export const PanelIcon = () => (
  <Icon>
    <rect x="2" y="3" width="12" height="10" rx="1.5" />
    <path d="M10 3v10" />
  </Icon>
);
