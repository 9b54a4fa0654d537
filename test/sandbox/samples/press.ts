/** The page being filled and those before it: where the next line goes, when a page is full, what was marked on the way. */
import type { FaceSet } from './faces.ts';
import { rule, showText } from './type-setting.ts';

/** Percent of the page as displayed, from its top left corner. */
export interface Place {
  /** The first page is 1. */
  readonly page: number;
  readonly positionX: number;
  readonly positionY: number;
  readonly width: number;
  readonly height: number;
}

export interface LaidOutPage {
  /** Content operators, for a page whose displayed lower left corner is the origin. */
  readonly content: string;
  readonly width: number;
  readonly height: number;
}

export interface Layout {
  readonly pages: readonly LaidOutPage[];
  readonly places: Readonly<Record<string, Place>>;
}

export interface LayoutOptions {
  readonly faces: FaceSet;
  /** Small text above and below on every page. */
  readonly running: string;
  /** Displayed size in points of page `index`; A4 upright when missing. */
  readonly pageSize?: (index: number) => { readonly width: number; readonly height: number };
}

const a4 = { width: 595, height: 842 };
const margin = { left: 72, right: 72, top: 84, bottom: 78 };
/** A press with its first page laid in. */
export function createPress({ faces, running, pageSize = () => a4 }: LayoutOptions) {
  const done: { content: string; width: number; height: number }[] = [];
  const places: Record<string, Place> = {};
  let size = pageSize(0);
  let content = '';
  let y = size.height - margin.top;

  const turnPage = () => {
    done.push({ content, ...size });
    size = pageSize(done.length);
    content = '';
    y = size.height - margin.top;
  };
  const press = {
    left: margin.left,
    width: () => size.width - margin.left - margin.right,
    y: () => y,
    put: (operators: string) => {
      content += operators;
    },
    down: (points: number) => {
      y -= points;
    },
    /** Begins a new page where fewer than `points` are left. */
    need: (points: number) => {
      if (y - points < margin.bottom) turnPage();
    },
    turnPage,
    mark: (name: string, x: number, bottom: number, width: number, height: number) => {
      const percent = (part: number, whole: number) => Math.round((part / whole) * 10_000) / 100;
      places[name] = {
        page: done.length + 1,
        positionX: percent(x, size.width),
        positionY: percent(size.height - bottom - height, size.height),
        width: percent(width, size.width),
        height: percent(height, size.height),
      };
    },
    finish: (): Layout => {
      turnPage();
      const pages = done.map((page, i) => {
        const folio = `${i + 1} / ${done.length}`;
        const x = page.width - margin.right - faces.sans.width(folio, 8);
        const top = page.height - 48;
        const furniture =
          `0.35 g ${showText(faces.sans, 8, margin.left, top, running)}0.7 G ${rule(margin.left, top - 6, page.width - margin.left - margin.right)}` +
          `${showText(faces.sans, 8, x, 40, folio)}0 g 0 G\n`;
        return { ...page, content: furniture + page.content };
      });
      return { pages, places };
    },
  };
  return press;
}

export type Press = ReturnType<typeof createPress>;
