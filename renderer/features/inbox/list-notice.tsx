/** What stands in the list's place while it has no rows: they are on their way, there are none, or they cannot be read. */
import { Button, Skeleton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useCall, useIsCalling } from '../../desk.tsx';
import { EmptyNotice } from '../../ui/empty-notice.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { clearFilters, filterCount, type InboxState, searchFor, showView } from './inbox-state.ts';
import classes from './list-notice.module.css';

interface ListNoticeProps {
  readonly state: InboxState;
  readonly first: ReturnType<typeof useCall<'inbox.list'>>;
  readonly onChange: (state: InboxState) => void;
}

function LoadingRows() {
  const { t } = useTranslation();
  return (
    <div className={classes.loading} aria-busy="true">
      <span className="cs-hidden">{t('inbox.loading')}</span>
      {[70, 55, 80, 62].map((width) => (
        <div key={width} className={classes.row}>
          <Skeleton height={12} width={`${width}%`} />
          <Skeleton height={9} width={`${width / 2}%`} mt={8} />
        </div>
      ))}
    </div>
  );
}

export function ListNotice({ state, first, onChange }: ListNoticeProps) {
  const { t } = useTranslation();
  const syncing = useIsCalling('sync.now');
  const status = useCall('sync.status', {});
  if (first.isError) {
    return (
      <div className={classes.notice}>
        <ErrorNotice code={first.error.code} onRetry={() => void first.refetch()} />
      </div>
    );
  }
  if (first.isPending) return <LoadingRows />;
  const everywhere = state.view !== 'all' && (
    <Button variant="default" onClick={() => onChange(showView(state, 'all'))}>
      {t('empty.lookInAll')}
    </Button>
  );
  if (state.search.trim() !== '') {
    return (
      <EmptyNotice title={t('empty.search', { search: state.search })} text={t('empty.searchText')}>
        {everywhere}
        <Button variant="subtle" onClick={() => onChange(searchFor(state, ''))}>
          {t('empty.clearSearch')}
        </Button>
      </EmptyNotice>
    );
  }
  if (filterCount(state) > 0) {
    return (
      <EmptyNotice title={t('empty.filtered')} text={t('empty.filteredText')}>
        <Button variant="default" onClick={() => onChange(clearFilters(state))}>
          {t('filter.clear')}
        </Button>
      </EmptyNotice>
    );
  }
  if (syncing) return <EmptyNotice title={t('empty.syncing')} />;
  const offline = status.data?.online === false;
  return <EmptyNotice title={t(`empty.${state.view}`)} text={offline ? t('empty.offline') : t('empty.text')} />;
}
