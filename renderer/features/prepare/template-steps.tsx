/** Changing a template of one's own: it is taken back, changed, and offered again. */
import { Button, Group, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PreparerStep, TemplateView } from '../../../preload/model.ts';
import { useCallMutation } from '../../desk.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';

const stale = ['prepare.templates', 'inbox.list'] as const;

export function TemplateSteps({ accountId, template }: { accountId: string; template: TemplateView }) {
  const { t } = useTranslation();
  const { remoteId, status } = template;
  const [title, setTitle] = useState(template.title);
  const step = useCallMutation('prepare.step', stale);
  const edit = useCallMutation('prepare.edit', stale);
  const run = (name: PreparerStep) => step.mutate({ accountId, remoteId, step: name });
  const failed = step.error ?? edit.error;
  const stepButton = (name: PreparerStep, label: string) => (
    <Button
      variant="default"
      loading={step.isPending && step.variables?.step === name}
      disabled={step.isPending || edit.isPending}
      onClick={() => run(name)}
    >
      {label}
    </Button>
  );

  function rename(event: FormEvent) {
    event.preventDefault();
    edit.mutate({ accountId, remoteId, about: { title: title.trim() } });
  }

  return (
    <Stack gap="xs" mt="sm">
      {status === 'published' ? (
        <Group>{stepButton('modify', t('prepare.change'))}</Group>
      ) : (
        <>
          <form onSubmit={rename}>
            <Group align="end" wrap="nowrap">
              <TextInput
                flex={1}
                required
                maxLength={500}
                label={t('prepare.title')}
                value={title}
                onChange={(event) => setTitle(event.currentTarget.value)}
              />
              <Button
                type="submit"
                variant="default"
                loading={edit.isPending}
                disabled={title.trim() === '' || title.trim() === template.title}
              >
                {t('prepare.saveChange')}
              </Button>
            </Group>
          </form>
          <Group>
            {stepButton('publish', t('prepare.offer'))}
            {stepButton('delete', t('prepare.delete'))}
          </Group>
        </>
      )}
      {failed && <ErrorNotice code={failed.code} compact />}
    </Stack>
  );
}
