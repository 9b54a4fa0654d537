/** A short list inside a dialog: a title a line, beside it a note; it scrolls by itself when it grows. */
import type { ReactNode } from 'react';
import classes from './short-list.module.css';

export function ShortList({ label, children }: { label: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must be reachable by keyboard
    <section className={classes.scroll} tabIndex={0} aria-label={label}>
      <ul className={classes.list}>{children}</ul>
    </section>
  );
}

interface ShortListItemProps {
  readonly title: ReactNode;
  readonly note?: ReactNode;
  /** The item is here to be known of, no more: its note says why. */
  readonly leftOut?: boolean;
}

export function ShortListItem({ title, note, leftOut = false }: ShortListItemProps) {
  return (
    <li className={classes.item} data-left-out={leftOut || undefined}>
      <span className={classes.title}>{title}</span>
      {note !== undefined && <span className={classes.note}>{note}</span>}
    </li>
  );
}
