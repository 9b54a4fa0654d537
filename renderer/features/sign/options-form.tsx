/** Level, mark, reason and place of the signatures: filled in already, looked at by those who want something else. */
import { TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { SignatureMark } from '../../../preload/model.ts';
import { useCall } from '../../desk.tsx';
import { Choice } from '../../ui/choice.tsx';
import { MarkPreview } from './mark-preview.tsx';
import classes from './options-form.module.css';
import { isOffered, levels, type SignDefaults, type SignOptions } from './sign-options.ts';

interface OptionsFormProps {
  readonly options: SignOptions;
  readonly defaults: SignDefaults;
  readonly marks: readonly SignatureMark[];
  readonly image: Uint8Array | undefined;
  readonly signerName: string;
  readonly onChange: (options: SignOptions) => void;
}

export function OptionsForm({ options, defaults, marks, image, signerName, onChange }: OptionsFormProps) {
  const { t } = useTranslation();
  const settings = useCall('settings.get', {});
  const hasAuthority = (settings.data?.timestampAuthorities.length ?? 0) > 0;
  const markName = marks.find(({ id }) => id === options.markId)?.label ?? t('sign.markText');
  const reason = options.reason ?? defaults.reason;
  return (
    <details className={classes.more}>
      <summary className={classes.summary}>
        {t('sign.options')}
        <span className={classes.chosen}>
          {[t(`level.${options.level}`), markName, ...(reason ? [reason] : [])].join(' · ')}
        </span>
      </summary>
      <div className={classes.fields}>
        <Choice
          label={t('sign.level')}
          description={hasAuthority ? undefined : t('sign.noAuthority')}
          value={options.level}
          choices={levels.map((level) => ({
            value: level,
            label: t(`level.${level}`),
            disabled: !isOffered(level, defaults, hasAuthority),
          }))}
          onChange={(level) => onChange({ ...options, level })}
        />
        <Choice
          label={t('sign.mark')}
          value={options.markId}
          choices={[
            { value: undefined, label: t('sign.markText') },
            ...marks.map(({ id, label }) => ({ value: id, label })),
          ]}
          onChange={(markId) => onChange({ ...options, markId })}
        />
        <TextInput
          size="xs"
          label={t('sign.reason')}
          placeholder={defaults.reason === undefined ? t('sign.reasonEach') : ''}
          value={reason ?? ''}
          maxLength={1000}
          onChange={(event) => onChange({ ...options, reason: event.currentTarget.value })}
        />
        <TextInput
          size="xs"
          label={t('sign.location')}
          value={options.location}
          maxLength={500}
          onChange={(event) => onChange({ ...options, location: event.currentTarget.value })}
        />
        <div className={classes.preview}>
          <MarkPreview image={image} signerName={signerName} reason={reason ?? ''} />
        </div>
      </div>
    </details>
  );
}
