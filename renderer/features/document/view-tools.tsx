/** Page and zoom controls above the document. */
import { ActionIcon, Button, Group, Text, TextInput, Tooltip } from '@mantine/core';
import { type FormEvent, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { DownIcon, MinusIcon, PenIcon, PlusIcon, UpIcon } from '../../ui/icons.tsx';
import classes from './view-tools.module.css';
import { stepZoom, type Zoom } from './zoom.ts';

interface ViewToolsProps {
  readonly page: number;
  readonly pages: number;
  readonly scale: number;
  readonly fit: boolean;
  readonly onPage: (page: number) => void;
  readonly onZoom: (zoom: Zoom) => void;
  readonly onMySignature?: () => void;
}

function Tool(props: { label: string; disabled?: boolean; onClick: () => void; children: React.ReactNode }) {
  return (
    <Tooltip label={props.label}>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={props.label}
        disabled={props.disabled ?? false}
        onClick={props.onClick}
        className={classes.tool}
      >
        {props.children}
      </ActionIcon>
    </Tooltip>
  );
}

export function ViewTools({ page, pages, scale, fit, onPage, onZoom, onMySignature }: ViewToolsProps) {
  const { t } = useTranslation();
  const field = useRef<HTMLInputElement>(null);

  function submit(event: FormEvent) {
    event.preventDefault();
    const wanted = Number.parseInt(field.current?.value ?? '', 10);
    if (wanted >= 1 && wanted <= pages) onPage(wanted);
    else if (field.current) field.current.value = String(page);
  }

  return (
    <div className={classes.tools} role="toolbar" aria-label={t('document.tools')}>
      <Group gap={4} wrap="nowrap">
        <Tool label={t('document.previousPage')} disabled={page <= 1} onClick={() => onPage(page - 1)}>
          <UpIcon />
        </Tool>
        <Tool label={t('document.nextPage')} disabled={page >= pages} onClick={() => onPage(page + 1)}>
          <DownIcon />
        </Tool>
        <form onSubmit={submit} className={classes.pageForm}>
          <TextInput
            key={page}
            ref={field}
            size="xs"
            inputMode="numeric"
            className={classes.pageField}
            aria-label={t('document.pageField')}
            defaultValue={page}
            onFocus={(event) => event.currentTarget.select()}
          />
        </form>
        <Text size="xs" c="dimmed" className={classes.of}>
          {t('document.ofPages', { pages })}
        </Text>
      </Group>
      <Group gap={4} wrap="nowrap">
        <Tool label={t('document.zoomOut')} onClick={() => onZoom(stepZoom(scale, -1))}>
          <MinusIcon />
        </Tool>
        <Text size="xs" c="dimmed" className={classes.percent}>
          {t('document.percent', { value: Math.round(scale * 100) })}
        </Text>
        <Tool label={t('document.zoomIn')} onClick={() => onZoom(stepZoom(scale, 1))}>
          <PlusIcon />
        </Tool>
        <Button variant={fit ? 'light' : 'subtle'} size="compact-xs" aria-pressed={fit} onClick={() => onZoom('fit')}>
          {t('document.fit')}
        </Button>
      </Group>
      {onMySignature && (
        <Button variant="subtle" size="compact-xs" leftSection={<PenIcon />} onClick={onMySignature} ml="auto">
          {t('document.goToMySignature')}
        </Button>
      )}
    </div>
  );
}
