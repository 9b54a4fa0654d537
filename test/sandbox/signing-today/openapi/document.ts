/**
 * The vendor's OpenAPI 2.0.0 of Signing Today. It is data to check against and no part of the project: it lies beside the checkout,
 * in ../shared/api. CI always has it; a plain clone may not.
 */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

/** What is read of the document: the rest is JSON Schema, for the validator. */
export interface OpenApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, OpenApiOperation>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export interface OpenApiOperation {
  readonly operationId: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly unknown[];
  readonly requestBody?: unknown;
  readonly responses: Readonly<Record<string, unknown>>;
  readonly security?: readonly unknown[];
}

export const documentPath = fileURLToPath(
  new URL('../../../../../shared/api/signing-today.openapi.yaml', import.meta.url),
);

/**
 * The document, or undefined where it is not at hand: a test then skips and says what it lacks.
 * @throws Error under CI=true where it is not at hand
 */
export function loadDocument(): OpenApiDocument | undefined {
  if (existsSync(documentPath)) return parse(readFileSync(documentPath, 'utf8')) as OpenApiDocument;
  if (process.env.CI === 'true') throw new Error(`CI needs the vendor’s OpenAPI document at ${documentPath}`);
  return undefined;
}

/** Why a test that needs the document is skipped. */
export const missingDocument =
  'the vendor’s OpenAPI document (../shared/api/signing-today.openapi.yaml) is not at hand';

/** Groups the vendor documents for its own back office and for signing in the browser: no operation of the 62 is in them. */
const foreignTags = new Set(['SigningServices', 'Backoffice']);

export interface Operation {
  readonly method: string;
  readonly path: string;
  readonly spec: OpenApiOperation;
}

const methods = new Set(['get', 'post', 'put', 'patch', 'delete']);

/** The 62 operations, by operationId. */
export function operationsOf(document: OpenApiDocument): ReadonlyMap<string, Operation> {
  const found = new Map<string, Operation>();
  for (const [path, item] of Object.entries(document.paths)) {
    for (const [method, spec] of Object.entries(item)) {
      if (!methods.has(method) || spec.tags?.some((tag) => foreignTags.has(tag))) continue;
      found.set(spec.operationId, { method: method.toUpperCase(), path, spec });
    }
  }
  return found;
}
