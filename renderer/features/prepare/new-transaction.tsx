/** A new transaction out of files: the form at the left, the chosen document with its fields at the right. */
import { Button, Progress, Stack, Text } from '@mantine/core';
import { useMemo, useReducer, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PreparedOutcome } from '../../../preload/model.ts';
import { ask } from '../../bridge.ts';
import { useBridge, useCallMutation, useDeskEvent } from '../../desk.tsx';
import { EmptyNotice } from '../../ui/empty-notice.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { PdfView, type PdfViewHandle } from '../document/pdf-view.tsx';
import { AboutForm } from './about-form.tsx';
import { DocumentList } from './document-list.tsx';
import { FieldLayer, type Placing, usualSize } from './field-layer.tsx';
import { fileBytes } from './file-bytes.ts';
import { PlaceTools } from './place-tools.tsx';
import { changePlan, emptyPlan, lacking, type PlanChange, toTransaction } from './plan.ts';
import classes from './prepare-screen.module.css';
import { RequestForm } from './request-form.tsx';
import { SignerList } from './signer-list.tsx';

interface NewTransactionProps {
  readonly accountId: string;
  readonly onMade: (outcome: PreparedOutcome, title: string) => void;
}

let jobs = 0;

export function NewTransaction({ accountId, onMade }: NewTransactionProps) {
  const { t } = useTranslation();
  const bridge = useBridge();
  const [plan, change] = useReducer(changePlan, emptyPlan);
  const [shownId, setShownId] = useState<string>();
  const [tool, setTool] = useState<Placing>({
    kind: 'signature',
    signer: plan.signers[0]?.key ?? '',
    label: '',
  });
  const [armed, setArmed] = useState(false);
  const [asked, setAsked] = useState(false);
  const [progress, setProgress] = useState<number>();
  const jobId = useRef('');
  const view = useRef<PdfViewHandle>(null);
  const create = useCallMutation('prepare.create', ['inbox.list', 'prepare.templates'], (outcome) => {
    onMade(outcome, plan.title);
    change({ kind: 'cleared' });
    setAsked(false);
  });
  useDeskEvent('prepare.progress', ({ jobId: told, doneBytes, totalBytes }) => {
    if (told === jobId.current) setProgress(totalBytes === 0 ? 100 : (doneBytes / totalBytes) * 100);
  });

  const isTemplate = plan.template !== 'no';
  const shown = plan.files.find(({ id }) => id === shownId) ?? plan.files[0];
  const bytes = useMemo(() => shown && fileBytes(bridge, shown), [bridge, shown]);
  const placing = plan.signers.some(({ key }) => key === tool.signer)
    ? tool
    : { ...tool, signer: plan.signers[0]?.key ?? '' };
  const nameOf = (signer: string) => {
    const index = plan.signers.findIndex(({ key }) => key === signer);
    const { name = '', email = '', role = '' } = plan.signers[index] ?? {};
    return (isTemplate ? role : name || email) || t('prepare.signer', { number: index + 1 });
  };

  function placeHere(): void {
    if (!shown) return;
    const { width, height } = usualSize[placing.kind];
    const box = { page: view.current?.page() ?? 1, x: 50 - width / 2, y: 50 - height / 2, width, height };
    change({ kind: 'field-added', field: { ...placing, fileId: shown.id, box } });
    view.current?.goTo(box);
    const key = `f${plan.lastKey + 1}`;
    requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-field="${key}"]`)?.focus());
  }

  function submit(publish: boolean): void {
    setAsked(true);
    if (lacks.length > 0) return;
    jobs += 1;
    jobId.current = `prepare-${Date.now()}-${jobs}`;
    setProgress(0);
    create.mutate({ accountId, jobId: jobId.current, transaction: toTransaction(plan, publish) });
  }

  function remove(fileId: string): void {
    change({ kind: 'file-removed', fileId });
    void ask(bridge, 'files.forget', { fileIds: [fileId] }).catch(() => undefined);
  }

  const lacks = lacking(plan, Date.now());
  const onField = (given: PlanChange) => change(given);
  return (
    <div className={classes.body}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled area must be reachable by keyboard */}
      <section className={classes.form} tabIndex={0} aria-label={t('prepare.new')}>
        <Stack gap="sm">
          <DocumentList
            files={plan.files}
            shown={shown?.id}
            onShow={setShownId}
            onAdd={(files) => change({ kind: 'files-added', files })}
            onRemove={remove}
          />
          <SignerList accountId={accountId} signers={plan.signers} roles={isTemplate} onChange={change} />
          <RequestForm plan={plan} onChange={(values) => change({ kind: 'set', values })} />
          <AboutForm accountId={accountId} about={plan} onChange={(values) => change({ kind: 'set', values })} />
          {asked && lacks.length > 0 && (
            <Text size="sm" c="red" role="alert">
              {lacks.map((lack) => t(`prepare.lack.${lack}`)).join(' ')}
            </Text>
          )}
          {create.isError && create.error.code !== 'cancelled' && <ErrorNotice code={create.error.code} />}
          {create.isPending ? (
            <>
              <Progress value={progress ?? 0} aria-label={t('prepare.sending')} />
              <Button
                variant="default"
                onClick={() => void ask(bridge, 'prepare.cancel', { jobId: jobId.current }).catch(() => undefined)}
              >
                {t('action.cancel')}
              </Button>
            </>
          ) : (
            <>
              <Button onClick={() => submit(true)}>{t(isTemplate ? 'prepare.offer' : 'prepare.publish')}</Button>
              <Button variant="default" onClick={() => submit(false)}>
                {t('prepare.saveDraft')}
              </Button>
            </>
          )}
        </Stack>
      </section>
      <section className={classes.view} aria-label={t('prepare.preview')}>
        {shown && bytes ? (
          <>
            <PlaceTools
              signers={plan.signers}
              tool={placing}
              armed={armed}
              nameOf={nameOf}
              onTool={setTool}
              onArm={setArmed}
              onPlaceHere={placeHere}
            />
            <div className={classes.page}>
              <PdfView
                key={shown.id}
                ref={view}
                bytes={bytes}
                overlay={(page, turn) => (
                  <FieldLayer
                    fileId={shown.id}
                    page={page}
                    turn={turn}
                    fields={plan.fields.filter(({ fileId, box }) => fileId === shown.id && box.page === page)}
                    placing={armed ? placing : undefined}
                    nameOf={nameOf}
                    onChange={onField}
                    onPlaced={() => setArmed(false)}
                  />
                )}
              />
            </div>
          </>
        ) : (
          <EmptyNotice title={t('prepare.noFile')} />
        )}
      </section>
    </div>
  );
}
