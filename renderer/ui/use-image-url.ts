/** An address for an image's bytes, for as long as the component is there. */
import { useEffect, useState } from 'react';

export function useImageUrl(image: Uint8Array | undefined): string | undefined {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    setUrl(undefined);
    if (!image) return;
    const made = URL.createObjectURL(new Blob([new Uint8Array(image)]));
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [image]);
  return url;
}
