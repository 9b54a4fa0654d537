/** What is in a file of one's own: its signatures in words, and what keeps it from being signed. */
import { NativeSelect, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { FileView } from '../../../preload/model.ts';
import { useCall } from '../../desk.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { SignatureList } from '../validation/signature-list.tsx';
import { useReport } from '../validation/use-report.ts';
import classes from './files-screen.module.css';

/** What is asked for here or in the middle, and no fault. */
const saidElsewhere: ReadonlySet<string> = new Set(['content-missing', 'password-needed']);

interface FilePanelProps {
  readonly file: FileView;
  readonly files: readonly FileView[];
  /** What the file signs, where it is a detached message and that was said. */
  readonly contentFileId: string | undefined;
  readonly onContent: (contentFileId: string | undefined) => void;
}

export function FilePanel({ file, files, contentFileId, onContent }: FilePanelProps) {
  const { t } = useTranslation();
  const inspected = useCall('files.inspect', { fileId: file.id }, { enabled: file.kind === 'pdf' });
  const verify = { fileId: file.id, ...(contentFileId === undefined ? {} : { contentFileId }) };
  const { blocked, mayRewrite } = inspected.data ?? {};
  // What may be written anew carries no signature: there is nothing to verify in it.
  const signed = file.kind !== 'other' && !mayRewrite;
  const report = useReport('files.verify', verify, { enabled: signed && !inspected.isLoading });
  return (
    <aside className={classes.panel} aria-label={t('files.about')}>
      <Stack gap="sm">
        {blocked !== undefined && (
          <Text size="sm">{t(`files.blocked-${blocked}`, { rewrite: mayRewrite ? t('files.mayRewrite') : '' })}</Text>
        )}
        <section aria-label={t('validation.list')}>
          <h2 className={classes.heading}>{t('validation.list')}</h2>
          {!signed && (
            <Text size="sm" c="dimmed">
              {t(mayRewrite ? 'validation.none' : 'files.notSigned')}
            </Text>
          )}
          {signed && report.isPending && (
            <Text size="sm" c="dimmed" aria-busy="true">
              {t('validation.checking')}
            </Text>
          )}
          {report.error?.code === 'content-missing' && (
            <NativeSelect
              size="xs"
              label={t('files.content')}
              value={contentFileId ?? ''}
              data={[
                { value: '', label: t('files.contentNone') },
                ...files.filter(({ id }) => id !== file.id).map(({ id, name }) => ({ value: id, label: name })),
              ]}
              onChange={(event) => onContent(event.currentTarget.value || undefined)}
            />
          )}
          {report.error?.code === 'password-needed' && (
            <Text size="sm" c="dimmed">
              {t('files.passwordFirst')}
            </Text>
          )}
          {report.error && !saidElsewhere.has(report.error.code) && (
            <ErrorNotice code={report.error.code} onRetry={report.refetch} compact />
          )}
          {report.data && <SignatureList report={report.data} asking={report.isAsking} />}
        </section>
      </Stack>
    </aside>
  );
}
