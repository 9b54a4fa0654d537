/** Who signs, and in which order: the same number signs in parallel. */
import { ActionIcon, Button, Group, NumberInput, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { MinusIcon, PlusIcon } from '../../ui/icons.tsx';
import { PersonField } from './person-field.tsx';
import type { PlanChange, PlanSigner } from './plan.ts';
import classes from './prepare-screen.module.css';

interface SignerListProps {
  readonly accountId: string;
  readonly signers: readonly PlanSigner[];
  readonly onChange: (change: PlanChange) => void;
}

export function SignerList({ accountId, signers, onChange }: SignerListProps) {
  const { t } = useTranslation();
  return (
    <fieldset className={classes.group}>
      <legend>{t('prepare.signers')}</legend>
      <Stack gap="sm">
        {signers.map((signer, index) => {
          const about = t('prepare.signer', { number: index + 1 });
          const set = (values: Partial<PlanSigner>) => onChange({ kind: 'signer-set', key: signer.key, values });
          return (
            <div key={signer.key} className={classes.signer}>
              <PersonField
                accountId={accountId}
                name={signer.name}
                email={signer.email}
                about={about}
                onPerson={({ name, email, userId }) => set({ name, email, userId })}
              />
              <Group align="end" gap="xs" wrap="nowrap">
                <NumberInput
                  label={t('prepare.order')}
                  aria-label={`${about}: ${t('prepare.order')}`}
                  min={1}
                  max={50}
                  clampBehavior="strict"
                  w="6rem"
                  value={signer.order}
                  onChange={(order) => set({ order: Number(order) || 1 })}
                />
                <ActionIcon
                  variant="subtle"
                  size="lg"
                  disabled={signers.length === 1}
                  aria-label={t('prepare.removeSigner', { name: signer.name || signer.email || about })}
                  onClick={() => onChange({ kind: 'signer-removed', key: signer.key })}
                >
                  <MinusIcon />
                </ActionIcon>
              </Group>
            </div>
          );
        })}
        <Button variant="default" leftSection={<PlusIcon />} onClick={() => onChange({ kind: 'signer-added' })}>
          {t('prepare.addSigner')}
        </Button>
      </Stack>
    </fieldset>
  );
}
