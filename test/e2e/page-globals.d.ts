/**
 * What code given to `page.evaluate` finds in the page, no wider than the specs use it. The DOM's own types would reach the
 * sandbox as well, which the specs import and which lives in Node.
 */
interface PageElement {
  readonly offsetParent: PageElement | null;
  readonly scrollWidth: number;
  readonly clientWidth: number;
  readonly outerHTML: string;
  textContent: string | null;
  querySelectorAll(selector: string): Iterable<PageElement>;
  readonly style: object;
  closest(selector: string): PageElement | null;
  getAttribute(name: string): string | null;
  getBoundingClientRect(): { readonly left: number; readonly right: number };
  append(child: PageElement): void;
}

declare const document: {
  createElement(name: string): PageElement;
  querySelector(selector: string): PageElement | null;
  querySelectorAll(selector: string): Iterable<PageElement>;
  elementFromPoint(x: number, y: number): PageElement | null;
  getAnimations(): { readonly finished: Promise<unknown> }[];
};
declare const window: { readonly innerWidth: number };
declare function getComputedStyle(element: PageElement): {
  readonly overflowX: string;
  readonly textOverflow: string;
  readonly backgroundColor: string;
  readonly color: string;
};
declare function requestAnimationFrame(callback: (time: number) => void): number;

declare class DataTransfer {
  readonly items: { add(file: File): void };
}
declare class ClipboardEvent extends Event {
  constructor(type: string, init: { clipboardData: DataTransfer; bubbles: boolean; cancelable: boolean });
}
