/** Who signs, and in which order: the same number signs in parallel. */
import { ActionIcon, Button, Checkbox, Group, NumberInput, Stack, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { MinusIcon, PlusIcon } from '../../ui/icons.tsx';
import { PersonField } from './person-field.tsx';
import type { PlanChange, PlanSigner } from './plan.ts';
import classes from './prepare-screen.module.css';

interface SignerListProps {
  readonly accountId: string;
  readonly signers: readonly PlanSigner[];
  /** Of a template: roles in the place of people. */
  readonly roles: boolean;
  readonly onChange: (change: PlanChange) => void;
}

export function SignerList({ accountId, signers, roles, onChange }: SignerListProps) {
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
              {roles ? (
                <TextInput
                  label={t('prepare.role')}
                  aria-label={`${about}: ${t('prepare.role')}`}
                  required
                  maxLength={200}
                  value={signer.role}
                  onChange={(event) => set({ role: event.currentTarget.value })}
                />
              ) : (
                <PersonField
                  accountId={accountId}
                  name={signer.name}
                  email={signer.email}
                  about={about}
                  onPerson={({ name, email, userId }) => set({ name, email, userId })}
                />
              )}
              <TextInput
                label={t('prepare.reason')}
                aria-label={`${about}: ${t('prepare.reason')}`}
                maxLength={1000}
                value={signer.reason}
                onChange={(event) => set({ reason: event.currentTarget.value })}
              />
              <Checkbox
                label={t('prepare.declinable')}
                aria-label={`${about}: ${t('prepare.declinable')}`}
                checked={signer.declinable}
                onChange={(event) => set({ declinable: event.currentTarget.checked })}
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
                  aria-label={t('prepare.removeSigner', {
                    name: (roles ? signer.role : signer.name || signer.email) || about,
                  })}
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
