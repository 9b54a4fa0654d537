/** What became of each delivery and reading, the newest first; more of it when asked for. */
import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { ActivityEntry } from '../../../preload/model.ts';
import { ask, type CallError } from '../../bridge.ts';
import { useBridge } from '../../desk.tsx';
import { errorKey } from '../../ui/error-key.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { formatMoment } from '../../ui/format.ts';
import { useLocale } from '../../ui/use-locale.ts';
import classes from './activity-screen.module.css';
import { TitleButton } from './outbox-item.tsx';

const PAGE = 50;

export function History() {
  const { t } = useTranslation();
  const bridge = useBridge();
  const pages = useInfiniteQuery<ActivityEntry[], CallError, { pages: ActivityEntry[][] }, readonly unknown[], number>({
    queryKey: ['activity.list', 'history'],
    queryFn: ({ pageParam }) =>
      ask(bridge, 'activity.list', { limit: PAGE, ...(pageParam > 0 ? { before: pageParam } : {}) }),
    initialPageParam: 0,
    getNextPageParam: (last) => (last.length === PAGE ? last.at(-1)?.id : undefined),
  });
  const entries = pages.data?.pages.flat() ?? [];
  return (
    <section className={classes.part} aria-labelledby="activity-history">
      <h2 id="activity-history" className={classes.heading}>
        {t('activity.history')}
      </h2>
      {pages.isError && <ErrorNotice code={pages.error.code} onRetry={() => void pages.refetch()} />}
      {pages.isSuccess && entries.length === 0 && <p className={classes.empty}>{t('activity.noHistory')}</p>}
      {entries.length > 0 && (
        <ul className={classes.list}>
          {entries.map((entry) => (
            <Entry key={entry.id} entry={entry} />
          ))}
        </ul>
      )}
      {pages.hasNextPage && (
        <Button variant="subtle" ml="sm" loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
          {t('activity.more')}
        </Button>
      )}
    </section>
  );
}

function Entry({ entry }: { entry: ActivityEntry }) {
  const { t, i18n } = useTranslation();
  const locale = useLocale();
  const { kind, outcome, code, at, times, count } = entry;
  const isChoice = outcome === 'settled';
  const key = code === undefined || isChoice ? undefined : errorKey(code, (candidate) => i18n.exists(candidate));
  const what = kind === 'pull' ? t('activity.received', { count: count ?? 0 }) : t(`outboxKind.${kind}`);
  return (
    <li className={classes.entry} data-outcome={outcome}>
      <time className={classes.time} dateTime={new Date(at).toISOString()}>
        {formatMoment(at, Date.now(), locale)}
      </time>
      <div className={classes.what}>
        {entry.title !== '' && <TitleButton title={entry.title} transactionId={entry.transactionId} />}
        <span className={classes.facts}>
          {what}
          {times > 1 && ` · ${t('activity.times', { count: times })}`}
          {key && ` · ${t(`${key}.what`)}`}
        </span>
      </div>
      <span className={classes.badge}>{t(`activityOutcome.${outcome}`)}</span>
    </li>
  );
}
