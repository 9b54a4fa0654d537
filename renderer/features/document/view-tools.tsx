/** Page, zoom and search controls above the document. */
import { ActionIcon, Text, TextInput, Tooltip } from '@mantine/core';
import { type FormEvent, type ReactNode, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import {
  DownIcon,
  FitPageIcon,
  FitWidthIcon,
  MinusIcon,
  PagesIcon,
  PlusIcon,
  PrintIcon,
  SearchIcon,
  TurnIcon,
  UpIcon,
} from '../../ui/icons.tsx';
import classes from './view-tools.module.css';
import { stepZoom, type Zoom } from './zoom.ts';

interface ViewToolsProps {
  readonly page: number;
  readonly pages: number;
  readonly scale: number;
  readonly zoom: Zoom;
  readonly thumbnails: boolean;
  readonly finding: boolean;
  readonly onPage: (page: number) => void;
  readonly onZoom: (zoom: Zoom) => void;
  readonly onThumbnails: () => void;
  readonly onTurn: () => void;
  readonly onFind: () => void;
  readonly onPrint: () => void;
  readonly children?: ReactNode;
}

interface ToolProps {
  readonly label: string;
  readonly keys?: string;
  readonly disabled?: boolean;
  readonly pressed?: boolean;
  readonly onClick: () => void;
  readonly children: ReactNode;
}

function Tool({ label, keys, disabled = false, pressed, onClick, children }: ToolProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant={pressed ? 'light' : 'subtle'}
        color={pressed ? 'petrol' : 'gray'}
        aria-label={label}
        aria-pressed={pressed}
        aria-keyshortcuts={keys}
        disabled={disabled}
        onClick={onClick}
        className={classes.tool}
      >
        {children}
      </ActionIcon>
    </Tooltip>
  );
}

export function ViewTools(props: ViewToolsProps) {
  const { page, pages, scale, zoom, onPage, onZoom } = props;
  const { t } = useTranslation();
  const field = useRef<HTMLInputElement>(null);

  function submit(event: FormEvent) {
    event.preventDefault();
    const wanted = Number.parseInt(field.current?.value ?? '', 10);
    if (wanted >= 1 && wanted <= pages) onPage(wanted);
    else if (field.current) field.current.value = String(page);
  }

  return (
    <div className={classes.bar}>
      <div className={classes.tools} role="toolbar" aria-label={t('document.tools')}>
        <div className={classes.group}>
          <Tool label={t('document.thumbnails')} pressed={props.thumbnails} onClick={props.onThumbnails}>
            <PagesIcon />
          </Tool>
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
              aria-keyshortcuts="Control+G"
              data-page-field=""
              defaultValue={page}
              onFocus={(event) => event.currentTarget.select()}
            />
          </form>
          <Text size="xs" c="dimmed" className={classes.of}>
            {t('document.ofPages', { pages })}
          </Text>
        </div>
        <div className={classes.group}>
          <Tool label={t('document.zoomOut')} keys="Control+-" onClick={() => onZoom(stepZoom(scale, -1))}>
            <MinusIcon />
          </Tool>
          <Text size="xs" c="dimmed" className={classes.percent}>
            {t('document.percent', { value: Math.round(scale * 100) })}
          </Text>
          <Tool label={t('document.zoomIn')} keys="Control++" onClick={() => onZoom(stepZoom(scale, 1))}>
            <PlusIcon />
          </Tool>
          <Tool
            label={t('document.fitWidth')}
            keys="Control+0"
            pressed={zoom === 'width'}
            onClick={() => onZoom('width')}
          >
            <FitWidthIcon />
          </Tool>
          <Tool label={t('document.fitPage')} keys="Control+9" pressed={zoom === 'page'} onClick={() => onZoom('page')}>
            <FitPageIcon />
          </Tool>
          <Tool label={t('document.turn')} onClick={props.onTurn}>
            <TurnIcon />
          </Tool>
        </div>
        <div className={classes.group}>
          <Tool label={t('find.name')} keys="Control+F" pressed={props.finding} onClick={props.onFind}>
            <SearchIcon />
          </Tool>
          <Tool label={t('document.print')} keys="Control+P" onClick={props.onPrint}>
            <PrintIcon />
          </Tool>
        </div>
        {props.children}
      </div>
    </div>
  );
}
