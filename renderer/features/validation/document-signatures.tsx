/** The signatures that are in a document of the inbox, verified as it lies here. */
import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useCall } from '../../desk.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { SignatureList } from './signature-list.tsx';

export function DocumentSignatures({ transactionId, documentId }: { transactionId: string; documentId: string }) {
  const { t } = useTranslation();
  const report = useCall('documents.verify', { transactionId, documentId });
  if (report.isPending) {
    return (
      <Text size="sm" c="dimmed" aria-busy="true">
        {t('validation.checking')}
      </Text>
    );
  }
  if (report.isError) return <ErrorNotice code={report.error.code} onRetry={() => void report.refetch()} compact />;
  return <SignatureList report={report.data} />;
}
