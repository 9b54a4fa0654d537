/** An error by its code: what happened, and what to do next. */
import { Alert, Button, Group } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { errorKey } from './error-key.ts';

interface ErrorNoticeProps {
  readonly code: string;
  readonly onRetry?: () => void;
  readonly compact?: boolean;
}

export function ErrorNotice({ code, onRetry, compact = false }: ErrorNoticeProps) {
  const { t, i18n } = useTranslation();
  const key = errorKey(code, (candidate) => i18n.exists(candidate));
  return (
    <Alert
      role="alert"
      color="red"
      variant="outline"
      title={t(`${key}.what`)}
      p={compact ? 'xs' : 'sm'}
      data-error-code={code}
      styles={{ title: { color: 'var(--cs-bad)' }, message: { color: 'var(--mantine-color-text)' } }}
    >
      {t(`${key}.next`)}
      {onRetry && (
        <Group mt="xs">
          <Button variant="default" onClick={onRetry}>
            {t('action.tryAgain')}
          </Button>
        </Group>
      )}
    </Alert>
  );
}
