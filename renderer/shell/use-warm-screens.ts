/** Gets the viewer, its worker and every screen ready while the window has nothing else to do: what is opened then is there at once. */
import { useEffect } from 'react';
import { ReviewedDocument } from '../features/sign/batch-review.tsx';
import { DocumentScreen, type Page, pageNames, pages } from './pages.ts';

/** The inbox comes first: a moment without work at the start is not yet one to spare. */
const AFTER_MS = 1_000;
const LATEST_MS = 3_000;

async function warm(): Promise<void> {
  await DocumentScreen.fetch();
  const { warmUp } = await import('../features/document/pdf-source.ts');
  await warmUp();
  await ReviewedDocument.fetch();
  for (const name of pageNames) await (pages[name] as Page).Screen.fetch();
}

export function useWarmScreens(): void {
  useEffect(() => {
    const start = () => void warm().catch(() => undefined);
    const later = setTimeout(() => requestIdleCallback(start, { timeout: LATEST_MS }), AFTER_MS);
    return () => clearTimeout(later);
  }, []);
}
