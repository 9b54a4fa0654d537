/** Says a batch's progress to people who do not see it: every change of what is signed, and the end. */
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useAnnounce } from '../../ui/announcer.tsx';
import { tally } from './job-steps.ts';
import type { SigningState } from './use-signing.ts';

export function useSaidProgress(state: SigningState): void {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const said = useRef('');
  const count = 'rows' in state ? tally(state.rows) : undefined;
  const words =
    count &&
    (state.kind === 'ended'
      ? t('sign.saidEnd', { signed: count.signed, total: count.total, failed: count.failed })
      : t('sign.saidProgress', { signed: count.signed, total: count.total }));
  useEffect(() => {
    if (words !== undefined && words !== said.current) announce(words);
    said.current = words ?? '';
  }, [words, announce]);
}
