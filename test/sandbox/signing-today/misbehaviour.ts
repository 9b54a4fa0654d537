/** Faults a test can order, each for the next requests it fits. */
import type { Answer } from './answers.ts';

export type Fault =
  /** Some other server's page, as a captive portal sends it; the operation is not run. */
  | { readonly kind: 'html'; readonly status?: number }
  /** The operation is run; its body is answered only in half, as if that were all. */
  | { readonly kind: 'half-json' }
  /** The operation is run; the connection ends in the middle of the body. */
  | { readonly kind: 'cut-body' }
  /** This status and an error body; the operation is not run. */
  | { readonly kind: 'status'; readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  /** The operation is run; the connection ends without an answer. */
  | { readonly kind: 'drop-response' }
  /** The connection ends before the request is read; the operation is not run. */
  | { readonly kind: 'refuse' }
  /** The operation is run; its JSON answer is another version's: `change` makes it. */
  | { readonly kind: 'changed-schema'; readonly change: (value: unknown) => unknown }
  /** The operation is run after a wait. */
  | { readonly kind: 'delay'; readonly ms: number };

export type Misbehaviour = Fault & {
  /** The path below the base path; all when left out. */
  readonly for?: RegExp;
  readonly method?: string;
  /** How many requests it spoils; 1 when left out. */
  readonly times?: number;
};

export interface Faults {
  order(misbehaviour: Misbehaviour): void;
  /** The fault for this request, counted as used. */
  take(method: string, path: string): Fault | undefined;
  clear(): void;
}

export function createFaults(): Faults {
  let ordered: { fault: Misbehaviour; left: number }[] = [];
  return {
    order(fault) {
      ordered.push({ fault, left: fault.times ?? 1 });
    },
    take(method, path) {
      const found = ordered.find(
        ({ fault }) =>
          (fault.method === undefined || fault.method === method) &&
          (fault.for === undefined || path.search(fault.for) >= 0),
      );
      if (!found) return undefined;
      found.left -= 1;
      if (found.left <= 0) ordered = ordered.filter((each) => each !== found);
      return found.fault;
    },
    clear() {
      ordered = [];
    },
  };
}

/** The answer as another version of the server would give it; one that is no JSON stays. */
export function changeSchema(answer: Answer, change: (value: unknown) => unknown): Answer {
  const isJson = answer.headers['content-type'] === 'application/json' && answer.body instanceof Uint8Array;
  if (!isJson) return answer;
  const value: unknown = JSON.parse(Buffer.from(answer.body as Uint8Array).toString('utf8'));
  return { ...answer, body: Buffer.from(JSON.stringify(change(value)) ?? '') };
}

const PORTAL = '<!doctype html><html><head><title>Sign in to the network</title></head><body>Welcome</body></html>';

/** What is answered instead of running the operation; undefined where it is run. */
export function insteadOf(fault: Fault): Answer | undefined {
  if (fault.kind === 'html') {
    const headers = { 'content-type': 'text/html; charset=utf-8' };
    return { status: fault.status ?? 200, headers, body: Buffer.from(PORTAL) };
  }
  if (fault.kind !== 'status') return undefined;
  const error = { code: 'misbehaviour', message: `Ordered status ${fault.status}` };
  const body = Buffer.from(JSON.stringify(fault.status === 400 ? [error] : error));
  return { status: fault.status, headers: { 'content-type': 'application/json', ...fault.headers }, body };
}
