/** A shortcut drawn as keys. */
import { Kbd } from '@mantine/core';
import { Fragment } from 'react';
import { apple } from './commands.tsx';
import classes from './key-caps.module.css';
import { keyCaps } from './keys.ts';

export function KeyCaps({ keys }: { keys: string }) {
  const presses = keyCaps(keys, apple);
  return (
    <span className={classes.caps}>
      {presses.map((caps, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: presses have no other name than their place
        <Fragment key={i}>
          {caps.map((cap) => (
            <Kbd key={cap} size="xs">
              {cap}
            </Kbd>
          ))}
          {i < presses.length - 1 && <span className={classes.then} />}
        </Fragment>
      ))}
    </span>
  );
}
