/** Reads a QR code from an image's bytes. The decoder is WebAssembly from our own node_modules: left alone it would fetch it from the network. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

/** Pixels, four bytes each (RGBA), row by row from the top. */
export interface Pixels {
  readonly data: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}

let loaded: Promise<typeof import('zxing-wasm/reader')> | undefined;

async function load() {
  const reader = await import('zxing-wasm/reader');
  const wasm = await readFile(createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm'));
  const wasmBinary = wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength);
  await reader.prepareZXingModule({ overrides: { wasmBinary }, fireImmediately: true });
  return reader;
}

/** The text of the first QR code in a PNG, JPEG or bare pixels; undefined where there is none that can be read. */
export async function readQr(image: Uint8Array | Pixels): Promise<string | undefined> {
  loaded ??= load();
  const { readBarcodes } = await loaded;
  const options = { formats: ['QRCode'], tryHarder: true, tryRotate: true, tryInvert: true, maxNumberOfSymbols: 1 };
  try {
    const [found] = await readBarcodes(image as Uint8Array, options as never);
    return found?.isValid ? found.text : undefined;
  } catch {
    return undefined;
  }
}
