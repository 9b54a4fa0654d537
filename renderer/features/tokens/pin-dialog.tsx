/** Changes a token's PIN, or gives a locked one a new value: both secrets twice, or none where the token asks for them itself. */
import { Button, Group, Modal, SegmentedControl, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TokenView } from '../../../preload/model.ts';
import { ask, type Bridge, CallError } from '../../bridge.ts';
import { useBridge, useRefresh } from '../../desk.tsx';
import { useAnnounce } from '../../ui/announcer.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { type PinFields, type PinProblem, type PinPurpose, sealPins, takePins } from './pin-change.ts';
import classes from './pin-dialog.module.css';

interface PinDialogProps {
  readonly token: TokenView;
  readonly purpose: 'change' | 'unblock';
  readonly onClose: () => void;
}

type Secrets = Exclude<ReturnType<typeof takePins>, { readonly problem: PinProblem }>;

/** One try. @throws CallError */
async function send(bridge: Bridge, tokenId: string, purpose: PinPurpose, secrets: Secrets | undefined): Promise<void> {
  try {
    const session = await ask(bridge, 'tokens.session', { tokenId, purpose: 'pin' });
    const { sessionId } = session;
    const sealed = secrets && (await sealPins(session, secrets));
    if (purpose === 'change') {
      const pins = sealed ? { sealedOld: sealed.first, sealedNew: sealed.fresh } : {};
      await ask(bridge, 'tokens.changePin', { sessionId, ...pins });
    } else {
      const pins = sealed ? { sealedPuk: sealed.first, sealedNew: sealed.fresh } : {};
      await ask(bridge, 'tokens.unblock', { sessionId, kind: purpose, ...pins });
    }
  } finally {
    secrets?.first.fill(0);
    secrets?.fresh.fill(0);
  }
}

export function PinDialog({ token, purpose, onClose }: PinDialogProps) {
  const { t } = useTranslation();
  const [kind, setKind] = useState<'user-puk' | 'so'>('user-puk');
  const act: PinPurpose = purpose === 'change' ? 'change' : kind;
  const [busy, setBusy] = useState(false);
  return (
    <Modal
      opened
      onClose={onClose}
      title={t(`pinDialog.title-${purpose}`, { token: token.label || token.model })}
      closeOnClickOutside={false}
      closeOnEscape={!busy}
      withCloseButton={!busy}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <Stack gap="md">
        {purpose === 'unblock' && (
          <SegmentedControl
            aria-label={t('pinDialog.by')}
            value={kind}
            disabled={busy}
            onChange={(value) => setKind(value === 'so' ? 'so' : 'user-puk')}
            data={[
              { value: 'user-puk', label: t('pinDialog.byPuk') },
              { value: 'so', label: t('pinDialog.bySo') },
            ]}
          />
        )}
        <PinForm key={act} token={token} act={act} busy={busy} onBusy={setBusy} onClose={onClose} />
      </Stack>
    </Modal>
  );
}

/** What stands before the try: of the PIN where it is changed, of the PUK or officer's PIN where it is unblocked. */
function triesOf(act: PinPurpose, { pin }: TokenView): 'last' | 'few' | 'none' | undefined {
  const unblocks = act !== 'change';
  if (unblocks ? pin.soLocked : pin.locked) return 'none';
  if (unblocks ? pin.soFinalTry : pin.finalTry) return 'last';
  return (unblocks ? pin.soCountLow : pin.countLow) ? 'few' : undefined;
}

interface PinFormProps {
  readonly token: TokenView;
  readonly act: PinPurpose;
  readonly busy: boolean;
  readonly onBusy: (busy: boolean) => void;
  readonly onClose: () => void;
}

function PinForm({ token, act, busy, onBusy, onClose }: PinFormProps) {
  const { t } = useTranslation();
  const bridge = useBridge();
  const refresh = useRefresh();
  const announce = useAnnounce();
  const [problem, setProblem] = useState<PinProblem>();
  const [code, setCode] = useState<string>();
  const form = useRef<HTMLFormElement>(null);
  useForgottenFields(form);
  const atReader = token.pin.protectedAuthenticationPath;
  const tries = triesOf(act, token);
  const what = act === 'change' ? 'pin' : act === 'so' ? 'so' : 'puk';

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (busy) return;
    const taken = atReader ? undefined : takePins(fieldsOf(form.current), act, token.pin);
    setCode(undefined);
    setProblem(taken && 'problem' in taken ? taken.problem : undefined);
    if (taken && 'problem' in taken) return;
    onBusy(true);
    try {
      await send(bridge, token.id, act, taken);
      announce(t(act === 'change' ? 'pinDialog.changed' : 'pinDialog.unblocked'));
      onClose();
    } catch (error) {
      setCode(error instanceof CallError ? error.code : 'internal');
    } finally {
      onBusy(false);
      refresh(['tokens.diagnose', 'tokens.list']);
    }
  }

  return (
    <form ref={form} onSubmit={(event) => void submit(event)} autoComplete="off">
      <Stack gap="sm">
        {tries && (
          <p className={classes.tries} role="status" data-tries={tries}>
            {t(`pinDialog.${what}-${tries}`)}
          </p>
        )}
        {atReader ? (
          <p className={classes.hint}>{t(busy ? 'pinDialog.atReaderNow' : 'pinDialog.atReader')}</p>
        ) : (
          <>
            <Secret name="first" label={t(`pinDialog.${what}`)} disabled={busy} />
            <Secret name="firstAgain" label={t(`pinDialog.${what}Again`)} disabled={busy} />
            <Secret name="fresh" label={t('pinDialog.new')} hint={limits(token, t)} disabled={busy} />
            <Secret name="freshAgain" label={t('pinDialog.newAgain')} disabled={busy} />
          </>
        )}
        {problem && (
          <p role="alert" className={classes.problem} data-pin-problem={problem}>
            {t(`pinDialog.problem-${problem}`, { min: token.pin.minLength, max: token.pin.maxLength })}
          </p>
        )}
        {code !== undefined && <ErrorNotice code={code} compact />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose} disabled={busy}>
            {t('action.cancel')}
          </Button>
          <Button type="submit" loading={busy}>
            {t(act === 'change' ? 'pinDialog.change' : 'pinDialog.unblock')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

type Translate = ReturnType<typeof useTranslation>['t'];

function limits({ pin }: TokenView, t: Translate): string {
  return t('pinDialog.limits', { min: Math.max(pin.minLength, 1), max: pin.maxLength });
}

function Secret({
  name,
  label,
  hint,
  disabled,
}: {
  name: keyof PinFields;
  label: string;
  hint?: string;
  disabled: boolean;
}) {
  return (
    <TextInput
      type="password"
      name={name}
      label={label}
      required
      disabled={disabled}
      autoComplete="off"
      spellCheck={false}
      {...(hint === undefined ? {} : { description: hint })}
    />
  );
}

function fieldsOf(form: HTMLFormElement | null): PinFields {
  const field = (name: keyof PinFields) => {
    const found = form?.elements.namedItem(name);
    return found instanceof HTMLInputElement ? found : { value: '' };
  };
  return {
    first: field('first'),
    firstAgain: field('firstAgain'),
    fresh: field('fresh'),
    freshAgain: field('freshAgain'),
  };
}

/** What was typed and not sent does not outlive the form. */
function useForgottenFields(form: React.RefObject<HTMLFormElement | null>) {
  useEffect(() => {
    const shown = form.current;
    return () => {
      for (const field of Object.values(fieldsOf(shown))) field.value = '';
    };
  }, [form]);
}
