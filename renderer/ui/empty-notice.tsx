/** A quiet message in the middle of an area that has nothing else to show. */
import { Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';

interface EmptyNoticeProps {
  readonly title: string;
  readonly text?: string;
  readonly children?: ReactNode;
}

export function EmptyNotice({ title, text, children }: EmptyNoticeProps) {
  return (
    <Stack align="center" justify="center" gap="xs" h="100%" p="lg" ta="center">
      <Text fw={600}>{title}</Text>
      {text && (
        <Text size="sm" c="dimmed" maw={420}>
          {text}
        </Text>
      )}
      {children}
    </Stack>
  );
}
