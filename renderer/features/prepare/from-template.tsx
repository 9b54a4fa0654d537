/** A transaction made from a template: people put in the place of its roles. */
import { Button, Group, Select, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PreparedOutcome, TemplateView } from '../../../preload/model.ts';
import { useCall, useCallMutation } from '../../desk.tsx';
import { EmptyNotice } from '../../ui/empty-notice.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { type About, AboutForm } from './about-form.tsx';
import { PersonField } from './person-field.tsx';
import { emptyPlan, expiryOf } from './plan.ts';
import classes from './prepare-screen.module.css';
import { TemplateSteps } from './template-steps.tsx';

interface FromTemplateProps {
  readonly accountId: string;
  readonly onMade: (outcome: PreparedOutcome, title: string) => void;
}

interface Taker {
  readonly name: string;
  readonly email: string;
  readonly userId: string | undefined;
}

const nobody: Taker = { name: '', email: '', userId: undefined };

export function FromTemplate({ accountId, onMade }: FromTemplateProps) {
  const { t } = useTranslation();
  const templates = useCall('prepare.templates', { accountId });
  const [chosen, setChosen] = useState<string>();
  if (templates.isError) {
    return (
      <div className={classes.notice}>
        <ErrorNotice code={templates.error.code} onRetry={() => void templates.refetch()} />
      </div>
    );
  }
  const usable = (templates.data?.templates ?? []).filter(({ status, mine }) => status === 'published' || mine);
  if (templates.data && usable.length === 0) return <EmptyNotice title={t('prepare.noTemplates')} />;
  const template = usable.find(({ remoteId }) => remoteId === chosen) ?? usable[0];
  const isReady = template?.status === 'published';
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled area must be reachable by keyboard
    <section className={classes.single} tabIndex={0} aria-label={t('prepare.fromTemplate')}>
      <Select
        label={t('prepare.template')}
        allowDeselect={false}
        data={usable.map(({ remoteId, title, status }) => ({
          value: remoteId,
          label: status === 'published' ? title : t('prepare.templateDraft', { title }),
        }))}
        value={template?.remoteId ?? null}
        onChange={(id) => id !== null && setChosen(id)}
      />
      {template?.mine && (
        <TemplateSteps key={`${template.remoteId} ${template.status}`} accountId={accountId} template={template} />
      )}
      {template && isReady && (
        <Roles key={template.remoteId} accountId={accountId} template={template} onMade={onMade} />
      )}
    </section>
  );
}

function Roles({ accountId, template, onMade }: FromTemplateProps & { template: TemplateView }) {
  const { t } = useTranslation();
  const [about, setAbout] = useState<About>({ ...emptyPlan, title: template.title });
  const [takers, setTakers] = useState<ReadonlyMap<string, Taker>>(new Map());
  const make = useCallMutation('prepare.instantiate', ['inbox.list'], (outcome) => onMade(outcome, about.title));
  const takerOf = (role: string) => takers.get(role) ?? nobody;
  const open = template.roles.filter((role) => takerOf(role).email.trim() === '');

  function submit(publish: boolean): void {
    const expiresAt = expiryOf(about.expires);
    const roles = template.roles.flatMap((role) => {
      const { name, email, userId } = takerOf(role);
      if (email.trim() === '') return [];
      const person = { name: name.trim(), email: email.trim(), ...(userId === undefined ? {} : { userId }) };
      return [{ role, person }];
    });
    make.mutate({
      accountId,
      templateId: template.remoteId,
      about: {
        title: about.title.trim() || template.title,
        ...(about.tags.length > 0 && { tags: [...about.tags] }),
        ...(about.urgent && { urgent: true }),
        ...(expiresAt === undefined ? {} : { expiresAt }),
        ...(about.cc.length > 0 && { ccUserIds: about.cc.map(({ userId }) => userId) }),
      },
      roles,
      publish,
    });
  }

  return (
    <Stack gap="sm" mt="md">
      <Text size="sm" c="dimmed">
        {template.documents.join(', ')}
      </Text>
      {template.roles.map((role) => (
        <fieldset key={role} className={classes.group}>
          <legend>{role}</legend>
          <PersonField
            accountId={accountId}
            {...takerOf(role)}
            about={role}
            onPerson={(person) => setTakers(new Map(takers).set(role, person))}
          />
        </fieldset>
      ))}
      <AboutForm accountId={accountId} about={about} onChange={(values) => setAbout({ ...about, ...values })} />
      {make.isError && <ErrorNotice code={make.error.code} />}
      <Group>
        <Button disabled={open.length > 0} loading={make.isPending} onClick={() => submit(true)}>
          {t('prepare.publish')}
        </Button>
        <Button variant="default" loading={make.isPending} onClick={() => submit(false)}>
          {t('prepare.saveDraft')}
        </Button>
      </Group>
    </Stack>
  );
}
