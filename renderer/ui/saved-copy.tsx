/** Saving a copy outside of the profile: its button, where the copy went, and the way to it. */
import { Button, type ButtonProps, Group, Modal, Text } from '@mantine/core';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallError } from '../bridge.ts';
import { useCallMutation } from '../desk.tsx';
import { ErrorNotice } from './error-notice.tsx';

/** What a call that writes a copy answers with; nothing where the person cancelled. */
interface Saved {
  readonly path?: string | undefined;
  readonly savedId?: string | undefined;
}

export function SavedCopy({ saved, text }: { saved: Saved | undefined; text?: string | undefined }) {
  const { t } = useTranslation();
  const show = useCallMutation('app.showSaved', []);
  if (saved?.path === undefined) return null;
  const { path, savedId } = saved;
  return (
    <>
      <Group gap="xs" justify="space-between" wrap="nowrap" align="flex-start">
        <Text size="xs" role="status" style={{ minWidth: 0, overflowWrap: 'anywhere' }}>
          {text ?? t('document.savedAs', { path })}
        </Text>
        {savedId !== undefined && (
          <Button
            variant="default"
            size="compact-xs"
            style={{ flex: 'none' }}
            data-autofocus
            loading={show.isPending}
            onClick={() => show.mutate({ savedId })}
          >
            {t('files.show')}
          </Button>
        )}
      </Group>
      {show.isError && <ErrorNotice code={show.error.code} compact />}
    </>
  );
}

interface SaveButtonProps {
  readonly label: string;
  readonly variant: NonNullable<ButtonProps['variant']>;
  /** The call that saves. */
  readonly save: {
    readonly data: Saved | undefined;
    readonly error: CallError | null;
    readonly isPending: boolean;
    reset(): void;
  };
  readonly onSave: () => void;
  /** In place of where it was saved. */
  readonly said?: string | undefined;
}

/** What came of it is said in a dialog, which has the way to the copy. */
export function SaveButton({ label, variant, save, onSave, said }: SaveButtonProps) {
  const { t } = useTranslation();
  const button = useRef<HTMLButtonElement>(null);
  const told = save.error !== null || save.data?.path !== undefined;
  return (
    <>
      <Button ref={button} variant={variant} loading={save.isPending} onClick={onSave}>
        {label}
      </Button>
      <Modal
        opened={told}
        onClose={save.reset}
        // A button that loads is disabled, and so has lost the focus that would be given back to it.
        onExitTransitionEnd={() => button.current?.focus()}
        title={label}
        closeButtonProps={{ 'aria-label': t('action.close') }}
      >
        <SavedCopy saved={save.data} text={said} />
        {save.error && <ErrorNotice code={save.error.code} compact />}
      </Modal>
    </>
  );
}
