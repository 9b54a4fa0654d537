/** A QR code in a terminal: two modules a character, dark on light whatever the terminal's colours. */
import QRCode from 'qrcode';

/** ISO/IEC 18004, 6.3.8: four light modules around. */
const QUIET = 4;

/** Modules of the code with its quiet zone, row by row; true is dark. */
export function toModules(text: string): boolean[][] {
  const { size, data } = QRCode.create(text, { errorCorrectionLevel: 'M' }).modules;
  const side = size + 2 * QUIET;
  return Array.from({ length: side }, (_row, y) =>
    Array.from({ length: side }, (_column, x) => {
      const [column, row] = [x - QUIET, y - QUIET];
      return column >= 0 && row >= 0 && column < size && row < size && data[row * size + column] === 1;
    }),
  );
}

const BLACK_ON_WHITE = '\u001b[38;5;16;48;5;231m';
const RESET = '\u001b[0m';
/** By upper and lower module: light, lower dark, upper dark, dark. */
const blocks = [' ', '▄', '▀', '█'] as const;

/** @param colours false where the output takes none: then light modules are the blocks, for the usual dark terminal */
export function drawQr(text: string, colours: boolean): string {
  const modules = toModules(text);
  const rows: string[] = [];
  for (let y = 0; y < modules.length; y += 2) {
    const characters = (modules[y] ?? []).map((upper, x) => {
      const lower = modules[y + 1]?.[x] ?? false;
      const index = (upper ? 2 : 0) + (lower ? 1 : 0);
      return blocks[colours ? index : 3 - index];
    });
    rows.push(colours ? `${BLACK_ON_WHITE}${characters.join('')}${RESET}` : characters.join(''));
  }
  return rows.join('\n');
}
