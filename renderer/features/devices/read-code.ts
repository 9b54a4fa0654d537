/** Reads a QR code from a picture, here in the window: the picture goes nowhere. The decoder's wasm is one of our own files. */
import wasmUrl from 'zxing-wasm/reader/zxing_reader.wasm?url';

const options = {
  formats: ['QRCode' as const],
  tryHarder: true,
  tryRotate: true,
  tryInvert: true,
  maxNumberOfSymbols: 1,
};
/** More than a screenshot of a large screen; a longer file is no picture of a code. */
export const largestPictureBytes = 32 * 1024 * 1024;

let loading: Promise<typeof import('zxing-wasm/reader')> | undefined;

async function load() {
  const reader = await import('zxing-wasm/reader');
  await reader.prepareZXingModule({ overrides: { locateFile: () => wasmUrl }, fireImmediately: true });
  return reader;
}

/** Undefined where there is none that can be read. */
export async function readCode(picture: Blob | ImageData): Promise<string | undefined> {
  if (picture instanceof Blob && picture.size > largestPictureBytes) return undefined;
  loading ??= load();
  try {
    const { readBarcodes } = await loading;
    const [found] = await readBarcodes(picture, options);
    return found?.isValid ? found.text : undefined;
  } catch {
    return undefined;
  }
}
