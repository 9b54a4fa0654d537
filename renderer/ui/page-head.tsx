/** The head of a page beside the inbox: the way back, what it is, what can be done on all of it. Escape leads back too. */
import { Button } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { BackIcon } from './icons.tsx';
import classes from './page-head.module.css';

interface PageHeadProps {
  readonly title: string;
  readonly onBack: () => void;
  readonly children?: ReactNode;
}

export function PageHead({ title, onBack, children }: PageHeadProps) {
  const { t } = useTranslation();
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const typing = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement;
      if (event.key !== 'Escape' || event.defaultPrevented || typing) return;
      if (!document.querySelector('[role="dialog"], [role="menu"], [role="listbox"]')) onBack();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [onBack]);
  return (
    <header className={classes.head}>
      <Button variant="subtle" size="compact-sm" leftSection={<BackIcon />} onClick={onBack} aria-keyshortcuts="Escape">
        {t('document.back')}
      </Button>
      <h1 className={classes.title}>{title}</h1>
      {children}
    </header>
  );
}
