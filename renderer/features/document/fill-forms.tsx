/** The fields I am to fill, all of them, for those who would rather type here than on the page. */
import { Button, Group, Stack, Text, Textarea } from '@mantine/core';
import { type FormEvent, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Form, TransactionDocument } from '../../../preload/model.ts';
import { useCallMutation } from '../../desk.tsx';
import { useAnnounce } from '../../ui/announcer.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { fieldKey } from './marks.ts';
import type { Filling } from './use-filling.ts';

export interface FieldToFill {
  readonly form: Form;
  readonly document: TransactionDocument;
}

interface FillFormsProps {
  readonly transactionId: string;
  readonly toFill: readonly FieldToFill[];
  readonly filling: Filling;
  /** Shows the field where it stands on its page. */
  readonly onShow: (field: FieldToFill) => void;
}

export function FillForms({ transactionId, toFill, filling, onShow }: FillFormsProps) {
  const { t } = useTranslation();
  const announce = useAnnounce();
  const list = useRef<HTMLFormElement>(null);
  const stale = ['inbox.list', 'inbox.show', 'documents.open', 'sync.status'] as const;
  const fill = useCallMutation('transactions.fill', stale, () => {
    announce(t('fill.done'));
    filling.clear();
  });
  const fields = toFill.map((field) => {
    const key = fieldKey(field.document.id, field.form.id);
    return { key, ...field, value: filling.values.get(key) ?? field.form.value };
  });
  const empty = fields.filter(({ form, value }) => form.required && value.trim() === '');

  function submit(event: FormEvent) {
    event.preventDefault();
    filling.setMissing(new Set(empty.map(({ key }) => key)));
    const [first] = empty;
    if (first) {
      announce(t('fill.missing', { count: empty.length }));
      list.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(first.key)}"]`)?.focus();
      return;
    }
    fill.mutate({
      transactionId,
      values: fields.map(({ document, form, value }) => ({ documentId: document.id, formId: form.id, value })),
    });
  }

  return (
    <form ref={list} onSubmit={submit} noValidate>
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          {t('fill.text')}
        </Text>
        {fields.map(({ key, form, document, value }) => (
          <Textarea
            key={key}
            data-key={key}
            size="xs"
            autosize
            minRows={1}
            maxRows={6}
            maxLength={10_000}
            required={form.required}
            label={form.label || t('fill.field')}
            value={value}
            error={filling.missing.has(key) ? t('fill.required') : undefined}
            onFocus={() => onShow({ form, document })}
            onChange={(event) => filling.fill(key, event.currentTarget.value)}
          />
        ))}
        {fill.isError && <ErrorNotice code={fill.error.code} compact />}
        <Group justify="space-between" gap="xs">
          <Text size="xs" c="dimmed" aria-live="polite">
            {empty.length > 0 ? t('fill.missing', { count: empty.length }) : t('fill.complete')}
          </Text>
          <Button type="submit" loading={fill.isPending}>
            {t('fill.submit')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
