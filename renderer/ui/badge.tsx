/** A word or two set apart by the colour of its tone; attributes (`data-…`, title) go to the element. */
import type { ComponentPropsWithoutRef } from 'react';
import classes from './badge.module.css';

export type BadgeTone = 'quiet' | 'act' | 'good' | 'warn' | 'bad';

interface BadgeProps extends ComponentPropsWithoutRef<'span'> {
  readonly tone: BadgeTone;
}

export function Badge({ tone, ...rest }: BadgeProps) {
  return <span className={classes.badge} data-tone={tone} {...rest} />;
}
