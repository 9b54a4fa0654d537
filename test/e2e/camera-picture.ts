/** What Chromium's stand-in for a camera shows: one uncompressed frame, over and over (YUV4MPEG2, as mjpegtools' yuv4mpeg(5) has it). */
import QRCode from 'qrcode';

const WIDTH = 640;
const HEIGHT = 480;
const MODULE_PX = 7;
const WHITE = 235;
const BLACK = 16;
const GREY = 128;

/** A code held before the camera, a little off the middle. */
export function codeBeforeCamera(text: string): Buffer {
  const { modules } = QRCode.create(text, { errorCorrectionLevel: 'M' });
  const luma = Buffer.alloc(WIDTH * HEIGHT, WHITE);
  const [left, top] = [110, 60];
  for (let y = 0; y < modules.size * MODULE_PX; y++) {
    for (let x = 0; x < modules.size * MODULE_PX; x++) {
      const isDark = modules.get(Math.floor(y / MODULE_PX), Math.floor(x / MODULE_PX));
      if (isDark) luma[(top + y) * WIDTH + left + x] = BLACK;
    }
  }
  const chroma = Buffer.alloc((WIDTH * HEIGHT) / 2, GREY);
  const head = `YUV4MPEG2 W${WIDTH} H${HEIGHT} F10:1 Ip A1:1 C420jpeg\nFRAME\n`;
  return Buffer.concat([Buffer.from(head, 'latin1'), luma, chroma]);
}
