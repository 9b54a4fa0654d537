/** Gets the viewer and its worker ready while the window has nothing else to do, so that the first document is there at once. */
import { useEffect } from 'react';

async function warm(): Promise<void> {
  await import('./document-screen.tsx');
  const { warmUp } = await import('./pdf-source.ts');
  await warmUp();
}

export function useWarmViewer(): void {
  useEffect(() => {
    const idle = requestIdleCallback(() => void warm().catch(() => undefined), { timeout: 3_000 });
    return () => cancelIdleCallback(idle);
  }, []);
}
