/** Chooses whose field of which kind is placed next; by the mouse a press on the page puts it there, by the keyboard the second button. */
import { Button, SegmentedControl, Select, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Placing } from './field-layer.tsx';
import type { PlanSigner } from './plan.ts';
import classes from './prepare-screen.module.css';

interface PlaceToolsProps {
  readonly signers: readonly PlanSigner[];
  readonly tool: Placing;
  /** True while a press on the page places. */
  readonly armed: boolean;
  readonly nameOf: (signer: string) => string;
  readonly onTool: (tool: Placing) => void;
  readonly onArm: (armed: boolean) => void;
  readonly onPlaceHere: () => void;
}

export function PlaceTools({ signers, tool, armed, nameOf, onTool, onArm, onPlaceHere }: PlaceToolsProps) {
  const { t } = useTranslation();
  return (
    <div className={classes.tools} role="toolbar" aria-label={t('prepare.fields')}>
      <SegmentedControl
        size="xs"
        aria-label={t('prepare.kind')}
        value={tool.kind}
        onChange={(kind) => onTool({ ...tool, kind: kind === 'text' ? 'text' : 'signature' })}
        data={[
          { value: 'signature', label: t('prepare.signature') },
          { value: 'text', label: t('prepare.text') },
        ]}
      />
      <Select
        size="xs"
        aria-label={t('prepare.fieldSigner')}
        allowDeselect={false}
        data={signers.map(({ key }) => ({ value: key, label: nameOf(key) }))}
        value={tool.signer}
        onChange={(signer) => signer !== null && onTool({ ...tool, signer })}
      />
      {tool.kind === 'text' && (
        <TextInput
          size="xs"
          aria-label={t('prepare.label')}
          placeholder={t('prepare.label')}
          maxLength={200}
          value={tool.label}
          onChange={(event) => onTool({ ...tool, label: event.currentTarget.value })}
        />
      )}
      <Button
        size="compact-sm"
        variant={armed ? 'filled' : 'default'}
        aria-pressed={armed}
        onClick={() => onArm(!armed)}
      >
        {t(armed ? 'prepare.pressPage' : 'prepare.place')}
      </Button>
      <Button size="compact-sm" variant="default" onClick={onPlaceHere}>
        {t('prepare.placeHere')}
      </Button>
    </div>
  );
}
