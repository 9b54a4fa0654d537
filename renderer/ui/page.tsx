/** A page beside the inbox: its head with the way back, what it is and what can be done on all of it; below, its content. */
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { BackIcon } from './icons.tsx';
import classes from './page.module.css';
import { useEscape } from './use-escape.ts';

interface PageProps {
  readonly title: string;
  readonly onBack: () => void;
  /** What can be done on all of the page, at the right of its head. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

export function Page({ title, onBack, actions, children }: PageProps) {
  const { t } = useTranslation();
  useEscape(onBack);
  return (
    <div className={classes.page}>
      <section className={classes.head} aria-label={title}>
        <Button
          variant="subtle"
          size="compact-sm"
          leftSection={<BackIcon />}
          onClick={onBack}
          aria-keyshortcuts="Escape"
        >
          {t('document.back')}
        </Button>
        <h1 className={classes.title}>{title}</h1>
        {actions}
      </section>
      {children}
    </div>
  );
}
