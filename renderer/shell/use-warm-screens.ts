/** Gets the viewer, its worker and every screen ready while the window has nothing else to do: what is opened then is there at once. */
import { useEffect } from 'react';
import { ReviewedDocument } from '../features/sign/batch-review.tsx';
import { DocumentScreen, type Page, pageNames, pages } from './pages.ts';

async function warm(): Promise<void> {
  await DocumentScreen.fetch();
  const { warmUp } = await import('../features/document/pdf-source.ts');
  await warmUp();
  await ReviewedDocument.fetch();
  for (const name of pageNames) await (pages[name] as Page).Screen.fetch();
}

export function useWarmScreens(): void {
  useEffect(() => {
    const idle = requestIdleCallback(() => void warm().catch(() => undefined), { timeout: 3_000 });
    return () => cancelIdleCallback(idle);
  }, []);
}
