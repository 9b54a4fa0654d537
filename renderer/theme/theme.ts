/** How the window looks: one calm blue-green, dense controls, contrast of WCAG 2.2 AA in light and dark, AAA where it is asked for. */
import {
  Button,
  type CSSVariablesResolver,
  createTheme,
  Menu,
  Modal,
  NavLink,
  PasswordInput,
  Textarea,
  TextInput,
  Tooltip,
} from '@mantine/core';

export const theme = createTheme({
  colors: {
    petrol: [
      '#eef6f9',
      '#dcebf1',
      '#b6d6e2',
      '#8dc0d3',
      '#6badc6',
      '#4f9bb8',
      '#3f87a4',
      '#317089',
      '#265d73',
      '#1a475a',
    ],
    // The library's own, with the window's blue in it.
    dark: [
      '#c9ced3',
      '#b4bbc2',
      '#828c96',
      '#69737d',
      '#424b53',
      '#3a434b',
      '#282e34',
      '#1f2429',
      '#14171a',
      '#0e1012',
    ],
    red: ['#fdeceb', '#fad7d5', '#f3aeaa', '#ec827c', '#e55c54', '#dc463d', '#d03a31', '#c0322a', '#a5251d', '#861c15'],
  },
  primaryColor: 'petrol',
  primaryShade: { light: 8, dark: 7 },
  defaultRadius: 'sm',
  cursorType: 'pointer',
  respectReducedMotion: true,
  fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif",
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.125rem' },
  headings: { fontWeight: '600', sizes: { h1: { fontSize: '1.25rem' }, h2: { fontSize: '1rem' } } },
  components: {
    Button: Button.extend({ defaultProps: { size: 'xs' } }),
    // Its first item has the focus at once, and not an element without a role before the items.
    Menu: Menu.extend({ defaultProps: { withInitialFocusPlaceholder: false } }),
    Modal: Modal.extend({ defaultProps: { centered: true, transitionProps: { duration: 120 } } }),
    NavLink: NavLink.extend({ defaultProps: { noWrap: true } }),
    TextInput: TextInput.extend({ defaultProps: { size: 'sm' } }),
    PasswordInput: PasswordInput.extend({ defaultProps: { size: 'sm' } }),
    Textarea: Textarea.extend({ defaultProps: { size: 'sm' } }),
    Tooltip: Tooltip.extend({ defaultProps: { openDelay: 400, withArrow: true } }),
  },
});

export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#ffffff',
    '--mantine-color-text': '#1c2126',
    '--mantine-color-dimmed': '#566069',
    '--mantine-color-placeholder': '#6a747d',
    '--mantine-color-default-border': '#cfd5db',
    '--mantine-color-error': '#b3261e',
  },
  dark: {
    '--mantine-color-body': '#1b1f23',
    '--mantine-color-text': '#dfe4e8',
    '--mantine-color-dimmed': '#9aa5af',
    '--mantine-color-placeholder': '#8b959f',
    '--mantine-color-default-border': '#4d565f',
    '--mantine-color-error': '#ff9a8f',
  },
});
