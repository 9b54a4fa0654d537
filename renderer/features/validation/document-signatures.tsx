/** The signatures that are in a document of the inbox, verified as it lies here. */
import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useCall } from '../../desk.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { SignatureList } from './signature-list.tsx';
import { useReport } from './use-report.ts';

export function DocumentSignatures({ transactionId, documentId }: { transactionId: string; documentId: string }) {
  const { t } = useTranslation();
  const { sha256 } = useCall('documents.open', { transactionId, documentId }).data ?? {};
  const report = useReport('documents.verify', { transactionId, documentId }, { of: sha256 });
  if (report.isPending) {
    return (
      <Text size="sm" c="dimmed" aria-busy="true">
        {t('validation.checking')}
      </Text>
    );
  }
  if (report.error) return <ErrorNotice code={report.error.code} onRetry={report.refetch} compact />;
  return report.data && <SignatureList report={report.data} asking={report.isAsking} />;
}
