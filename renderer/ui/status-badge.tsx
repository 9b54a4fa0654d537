/** A transaction's status in a word; its colour says whose turn it is. */
import { useTranslation } from 'react-i18next';
import type { TransactionStatus } from '../../preload/model.ts';
import { Badge, type BadgeTone } from './badge.tsx';

const tones = {
  draft: 'quiet',
  'to-fill': 'act',
  'to-sign': 'act',
  waiting: 'quiet',
  signed: 'good',
  declined: 'bad',
  expired: 'bad',
  error: 'bad',
} as const satisfies Record<TransactionStatus, BadgeTone>;

export function StatusBadge({ status }: { status: TransactionStatus }) {
  const { t } = useTranslation();
  return (
    <Badge tone={tones[status]} data-status={status}>
      {t(`status.${status}`)}
    </Badge>
  );
}
