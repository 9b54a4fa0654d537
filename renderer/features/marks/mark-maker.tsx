/** Makes a mark: drawn, typed, or a picture; what comes of it is kept by the desk as PNG. */
import { Button, FileButton, Group, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SignatureMark } from '../../../preload/model.ts';
import { useCallMutation } from '../../desk.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { DrawPad } from './draw-pad.tsx';
import { pictureToPng, type Stroke, strokesToPng, textToPng } from './mark-image.ts';
import classes from './mark-maker.module.css';

const kinds = ['drawn', 'typed', 'image'] as const satisfies readonly SignatureMark['kind'][];

interface MarkMakerProps {
  /** What is offered to type: the person's own name. */
  readonly name?: string;
  readonly onMade: (mark: SignatureMark) => void;
  /** What else can be done than keep one. */
  readonly aside?: ReactNode;
}

export function MarkMaker({ name = '', onMade, aside }: MarkMakerProps) {
  const { t } = useTranslation();
  const [kind, setKind] = useState<SignatureMark['kind']>('drawn');
  const [strokes, setStrokes] = useState<readonly Stroke[]>([]);
  const [text, setText] = useState(name);
  const [picture, setPicture] = useState<File | null>(null);
  const [unreadable, setUnreadable] = useState(false);
  const add = useCallMutation('marks.add', ['marks.list'], onMade);

  async function keep() {
    setUnreadable(false);
    const image =
      kind === 'drawn'
        ? await strokesToPng(strokes)
        : kind === 'typed'
          ? await textToPng(text.trim())
          : picture && (await pictureToPng(picture));
    if (!image) return setUnreadable(true);
    add.mutate({ kind, label: kind === 'typed' ? text.trim() : t(`markKind.${kind}`), image });
  }
  const ready = { drawn: strokes.length > 0, typed: text.trim() !== '', image: picture !== null }[kind];

  return (
    <Stack gap="sm">
      <SegmentedControl
        size="xs"
        fullWidth
        aria-label={t('marks.how')}
        value={kind}
        onChange={(value) => setKind(value as SignatureMark['kind'])}
        data={kinds.map((value) => ({ value, label: t(`markKind.${value}`) }))}
      />
      {kind === 'drawn' && (
        <>
          <DrawPad strokes={strokes} onStrokes={setStrokes} />
          <Group justify="space-between" align="flex-start" wrap="nowrap">
            <Text size="xs" c="dimmed">
              {t('marks.drawText')}
            </Text>
            <Button
              variant="subtle"
              size="compact-xs"
              flex="none"
              disabled={strokes.length === 0}
              onClick={() => setStrokes([])}
            >
              {t('marks.clear')}
            </Button>
          </Group>
        </>
      )}
      {kind === 'typed' && (
        <>
          <TextInput
            label={t('marks.text')}
            value={text}
            maxLength={60}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <div className={classes.typed} aria-hidden="true">
            {text}
          </div>
        </>
      )}
      {kind === 'image' && (
        <Group gap="sm">
          <FileButton accept="image/png,image/jpeg,image/webp" onChange={setPicture}>
            {(props) => (
              <Button variant="default" {...props}>
                {t('marks.choosePicture')}
              </Button>
            )}
          </FileButton>
          <Text size="sm" c="dimmed" className={classes.file}>
            {picture?.name ?? t('marks.pictureText')}
          </Text>
        </Group>
      )}
      {(unreadable || add.isError) && <ErrorNotice code={add.error?.code ?? 'mark-unreadable'} compact />}
      <Group justify="space-between">
        {aside ?? <span />}
        <Button disabled={!ready} loading={add.isPending} onClick={() => void keep()}>
          {t('marks.keep')}
        </Button>
      </Group>
    </Stack>
  );
}
