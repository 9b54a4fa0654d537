/** QR round trip: what a session shows is what another one reads, from the terminal's modules and from pictures that are not good. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Pixels, readQr } from '../../../main/cli/qr-image.ts';
import { drawQr, toModules } from '../../../main/cli/qr-terminal.ts';
import { formatChallenge, parseChallenge } from '../../../main/devices/challenge-text.ts';

const challenge = {
  userId: '737dc132-a3f0-11e9-a2a3-2a2ae2dbcce4',
  baseUrl: 'https://web.sandbox.signingtoday.com/api/challenge',
  challenge: '2a12618a-4128-11ea-b77f-2e728ce88125',
};
const text = formatChallenge(challenge);

/** A grey picture; `at` gives 0 (black) to 255 of a place in modules, a fraction of one each. */
function paint(side: number, at: (x: number, y: number) => number): Pixels {
  const data = new Uint8ClampedArray(side * side * 4);
  for (let y = 0; y < side; y += 1) {
    for (let x = 0; x < side; x += 1) {
      const grey = at(x, y);
      data.set([grey, grey, grey, 255], (y * side + x) * 4);
    }
  }
  return { data, width: side, height: side };
}

/** The code turned by `degrees` around the middle of a picture with room for it. */
function picture(code: string, { scale = 6, degrees = 0 } = {}): Pixels {
  const modules = toModules(code);
  const size = modules.length * scale;
  const side = Math.ceil(size * 1.5);
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  return paint(side, (x, y) => {
    const [dx, dy] = [x - side / 2, y - side / 2];
    const column = Math.floor((dx * cos + dy * sin + size / 2) / scale);
    const row = Math.floor((dy * cos - dx * sin + size / 2) / scale);
    return modules[row]?.[column] ? 0 : 255;
  });
}

/** A seeded generator (xorshift): the same noise at each run. */
function noise(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

function spoil({ data, width, height }: Pixels, change: (grey: number, x: number, y: number) => number): Pixels {
  const spoiled = new Uint8ClampedArray(data);
  for (let i = 0; i < spoiled.length; i += 4) {
    const pixel = i / 4;
    spoiled.fill(change(data[i] ?? 0, pixel % width, Math.floor(pixel / width)), i, i + 3);
  }
  return { data: spoiled, width, height };
}

describe('a QR code', () => {
  it.each([0, 7, 45, 90, 133, 180, 270, 351])('is read when it is turned by %i degrees', async (degrees) => {
    expect(await readQr(picture(text, { degrees }))).toBe(text);
  });

  it('is read through grain, a grey cast, spots and an inverted picture', async () => {
    const random = noise(2026);
    const clear = picture(text, { scale: 8, degrees: 11 });
    const grain = spoil(clear, (grey) => grey + (random() - 0.5) * 120);
    const cast = spoil(clear, (grey, x) => 60 + grey * 0.4 + (x / clear.width) * 50);
    const spots = spoil(clear, (grey) => (random() < 0.02 ? 255 - grey : grey));
    const inverted = spoil(clear, (grey) => 255 - grey);
    for (const image of [grain, cast, spots, inverted]) expect(await readQr(image)).toBe(text);
  });

  it('is read with a corner of it covered', async () => {
    const clear = picture(text, { scale: 8 });
    const middle = clear.width / 2;
    const covered = spoil(clear, (grey, x, y) => (Math.hypot(x - middle - 60, y - middle - 60) < 22 ? 128 : grey));
    expect(await readQr(covered)).toBe(text);
  });

  it('is not made up where there is none, or where the file is no picture', async () => {
    const random = noise(7);
    expect(await readQr(paint(200, () => random() * 255))).toBeUndefined();
    expect(await readQr(paint(200, () => 255))).toBeUndefined();
    const bytes = Uint8Array.from({ length: 4096 }, () => random() * 256);
    for (const file of [new Uint8Array(), bytes, Buffer.from('\u0089PNG\r\n\u001a\n', 'latin1')]) {
      expect(await readQr(file)).toBeUndefined();
    }
  });

  it('carries any challenge there and back', async () => {
    const anyChallenge = fc.record({
      userId: fc.uuid(),
      baseUrl: fc.webUrl({ withFragments: false }),
      challenge: fc.stringMatching(/^[A-Za-z0-9_-]{8,64}$/),
    });
    await fc.assert(
      fc.asyncProperty(anyChallenge, async (given) => {
        const read = await readQr(picture(formatChallenge(given), { scale: 4 }));
        expect(parseChallenge(read ?? '')).toEqual(given);
      }),
      { numRuns: 15 },
    );
  });

  it('stands in the terminal as it is, with its quiet zone, in colours and without', async () => {
    const readBack = (drawn: string, light: boolean) => {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: the terminal's own
      const lines = drawn.split('\n').map((line) => line.replace(/\u001b\[[\d;]*m/g, ''));
      const isDark = (x: number, y: number) => {
        const character = lines[Math.floor(y / 2)]?.[x] ?? ' ';
        const full = y % 2 === 0 ? '█▀' : '█▄';
        return full.includes(character) !== light;
      };
      const side = lines[0]?.length ?? 0;
      return paint(side * 4, (x, y) => (isDark(Math.floor(x / 4), Math.floor(y / 4)) ? 0 : 255));
    };
    expect(await readQr(readBack(drawQr(text, true), false))).toBe(text);
    expect(await readQr(readBack(drawQr(text, false), true))).toBe(text);
  });
});
