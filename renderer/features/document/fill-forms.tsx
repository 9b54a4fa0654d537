/** The fields I am to fill, all of them, for those who would rather type here than on the page. */
import { Button, Stack, Text, Textarea } from '@mantine/core';
import type { FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Form, TransactionDocument } from '../../../preload/model.ts';
import { useCallMutation } from '../../desk.tsx';
import { useAnnounce } from '../../ui/announcer.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { fieldKey } from './marks.ts';

interface FillFormsProps {
  readonly transactionId: string;
  readonly toFill: readonly { readonly form: Form; readonly document: TransactionDocument }[];
  readonly values: ReadonlyMap<string, string>;
  readonly onFill: (key: string, value: string) => void;
  readonly onFilled: () => void;
}

export function FillForms({ transactionId, toFill, values, onFill, onFilled }: FillFormsProps) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const stale = ['inbox.list', 'inbox.show', 'documents.open', 'sync.status'] as const;
  const fill = useCallMutation('transactions.fill', stale, () => {
    announce(t('fill.done'));
    onFilled();
  });
  const fields = toFill.map(({ form, document }) => {
    const key = fieldKey(document.id, form.id);
    return { key, form, documentId: document.id, value: values.get(key) ?? form.value };
  });
  const missing = fields.filter(({ form, value }) => form.required && value.trim() === '').length;

  function submit(event: FormEvent) {
    event.preventDefault();
    fill.mutate({
      transactionId,
      values: fields.map(({ documentId, form, value }) => ({ documentId, formId: form.id, value })),
    });
  }

  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          {t('fill.text')}
        </Text>
        {fields.map(({ key, form, value }) => (
          <Textarea
            key={key}
            size="xs"
            autosize
            minRows={1}
            maxRows={6}
            maxLength={10_000}
            required={form.required}
            label={form.label || t('fill.field')}
            value={value}
            onChange={(event) => onFill(key, event.currentTarget.value)}
          />
        ))}
        {fill.isError && <ErrorNotice code={fill.error.code} compact />}
        <Button type="submit" loading={fill.isPending} disabled={missing > 0}>
          {missing > 0 ? t('fill.missing', { count: missing }) : t('fill.submit')}
        </Button>
      </Stack>
    </form>
  );
}
