/** Signs requests of the inbox: the review where there is more to sign than is on the screen, then card and PIN, progress, result. */
import { Modal, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Placing, usePlaces } from '../document/use-places.ts';
import { BatchReview } from './batch-review.tsx';
import { ChosenList } from './chosen-list.tsx';
import { requestKey } from './requests.ts';
import { allSeen, type Decisions, documentKey, reviewed, reviewItems } from './review.ts';
import { SignForm } from './sign-form.tsx';
import { requestDefaults } from './sign-options.ts';
import { SignProgress } from './sign-progress.tsx';
import { noStatements, readStatements, statedIn } from './statement-fields.ts';
import { StatementOptions } from './statement-options.tsx';
import { useChosenRequests } from './use-chosen-requests.ts';
import { useSaidProgress } from './use-said-progress.ts';
import { requestBatch, useSigning } from './use-signing.ts';

interface SignDialogProps {
  readonly transactionIds: readonly string[];
  /** The bytes that have been on the screen, by document id; of one transaction. */
  readonly seen?: ReadonlyMap<string, string>;
  /** The document that is on the screen, or will be in a moment. */
  readonly showing?: string | undefined;
  /** Where the person has put their marks, where the sender leaves that free. */
  readonly placing?: Placing;
  readonly onClose: () => void;
}

/** The review has the window to itself, down to its foot. */
const wholeWindow = {
  content: { display: 'flex', flexDirection: 'column' },
  body: { flex: 1, minHeight: 0, padding: 0 },
} as const;

/** What has been on the screen counts as ticked. */
function seenDecisions(transactionIds: readonly string[], seen: ReadonlyMap<string, string> | undefined): Decisions {
  const [transactionId = ''] = transactionIds;
  return new Map(
    [...(seen ?? [])].map(([documentId, sha256]) => [
      documentKey({ transactionId, documentId }),
      { kind: 'ticked', sha256 } as const,
    ]),
  );
}

export function SignDialog({ transactionIds, seen, showing, placing, onClose }: SignDialogProps) {
  const { t } = useTranslation();
  const [ids] = useState(transactionIds);
  const [round, setRound] = useState(1);
  const own = usePlaces();
  const marks = placing ?? own;
  const [decided, setDecisions] = useState<Decisions>(new Map());
  const decisions: Decisions = new Map([...seenDecisions(ids, seen), ...decided]);
  /** Once it is known whether there is anything to review beside what is on the screen, that does not change. */
  const [review, setReview] = useState<'unknown' | 'needed' | 'done'>('unknown');
  const [stated, setStated] = useState(noStatements);
  const gathered = useChosenRequests(ids, round);
  const { state, start, resume, cancel, reset } = useSigning(requestBatch);
  useSaidProgress(state);

  if (review === 'unknown' && gathered) {
    const shownHere = gathered.requests.every(({ documentId }) => seen !== undefined && documentId === showing);
    if (allSeen(gathered.requests, decisions)) setReview('done');
    else if (!shownHere) setReview('needed');
  }
  const busy = state.kind === 'running' || state.kind === 'starting';

  if (review === 'needed' && gathered && state.kind === 'idle') {
    return (
      <Modal
        opened
        fullScreen
        onClose={onClose}
        title={t('review.title')}
        closeButtonProps={{ 'aria-label': t('action.close') }}
        styles={wholeWindow}
      >
        <BatchReview
          items={reviewItems(gathered.requests)}
          decisions={decisions}
          placing={marks}
          onDecide={setDecisions}
          onDone={() => setReview('done')}
        />
      </Modal>
    );
  }
  const kept = gathered && reviewed(gathered.requests, decisions);
  const chosen = kept && { requests: kept.requests, leftOut: [...gathered.leftOut, ...kept.leftOut] };
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={t('sign.title', { count: 'rows' in state ? state.rows.length : (chosen?.requests.length ?? ids.length) })}
      closeOnClickOutside={false}
      closeOnEscape={!busy}
      withCloseButton={!busy}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      {'rows' in state ? (
        <SignProgress
          state={state}
          onCancel={cancel}
          onClose={onClose}
          onResume={resume}
          onAgain={() => {
            setRound(round + 1);
            reset();
          }}
        />
      ) : chosen && review === 'done' ? (
        <SignForm
          count={readStatements(stated).ok ? chosen.requests.length : 0}
          requests={chosen.requests.map(({ transactionId, documentId, signatureRequestId }) => ({
            transactionId,
            documentId,
            signatureRequestId,
          }))}
          defaults={requestDefaults(chosen.requests)}
          starting={state.kind === 'starting'}
          {...(state.kind === 'idle' && state.code !== undefined ? { code: state.code } : {})}
          onSign={(signer) =>
            start(signer, {
              requests: chosen.requests.map((request) => {
                const { transactionId, documentId, signatureRequestId, reviewedSha256 } = request;
                const place = marks.places.get(requestKey(request));
                return {
                  transactionId,
                  documentId,
                  signatureRequestId,
                  reviewedSha256,
                  ...(place ? { place } : {}),
                };
              }),
              ...statedIn(stated),
            })
          }
          onClose={onClose}
        >
          <ChosenList chosen={chosen} />
          <StatementOptions
            fields={stated}
            isPdf={chosen.requests.some(({ profile }) => profile !== 'CAdES')}
            onChange={setStated}
          />
        </SignForm>
      ) : (
        <Text size="sm" c="dimmed" aria-busy="true">
          {t('sign.gathering')}
        </Text>
      )}
    </Modal>
  );
}
