/** Seeded pictures that look a little like photographs on grainy film: raw RGB, which no compressor makes small. */
import { seededRandom } from './random.ts';

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Rows of RGB triples, 8 bits each. */
  readonly pixels: Uint8Array;
}

type Colour = readonly [red: number, green: number, blue: number];

const grainBytes = 1 << 16;

/** Sky, water and a house; `seed` moves the house and the light. */
export function paintPicture(seed: number, width: number, height: number): Picture {
  const random = seededRandom(seed);
  const grain = new Uint8Array(Uint32Array.from({ length: grainBytes / 4 }, random.next).buffer).map(
    (byte) => byte >> 1,
  );
  const light = 40 + random.below(60);
  const left = Math.floor(width * (0.15 + random.below(30) / 100));
  const right = left + Math.floor(width * 0.36);
  const ridge = Math.floor(height * 0.22);
  const eaves = Math.floor(height * 0.42);
  const shore = Math.floor(height * 0.74);
  const wall: Colour = [110 + random.below(30), 60 + random.below(20), 40];
  const middle = (left + right) / 2;
  const pixels = new Uint8Array(width * height * 3);
  let at = 0;
  for (let y = 0; y < height; y += 1) {
    const fade = (y * 70) / height;
    const open: Colour = y < shore ? [light + fade, light + 20 + fade, 120] : [20, 40 + fade / 3, 60 + (y % 9) * 3];
    const slope = y < ridge ? -1 : ((y - ridge) / (eaves - ridge)) * (right - left) * 0.58;
    let shift = random.below(grainBytes);
    for (let x = 0; x < width; x += 1) {
      const inRoof = y < eaves && Math.abs(x - middle) < slope;
      const inWall = y >= eaves && y < shore && x >= left && x < right;
      const inWindow = inWall && (x - left) % 120 > 70 && (y - eaves) % 110 > 50;
      const [red, green, blue] = inWindow ? [120, 120, 70] : inWall ? wall : inRoof ? [60, 40, 40] : open;
      shift = (shift + 3) & (grainBytes - 1);
      pixels[at] = red + (grain[shift] ?? 0);
      pixels[at + 1] = green + (grain[(shift + 1) & (grainBytes - 1)] ?? 0);
      pixels[at + 2] = blue + (grain[(shift + 2) & (grainBytes - 1)] ?? 0);
      at += 3;
    }
  }
  return { width, height, pixels };
}
