/** Holds what went over the wire against the vendor's OpenAPI: path, query, body, status, content type, answer. */
import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import type { Exchange } from '../exchange.ts';
import { parseTimestamp } from '../timestamps.ts';
import { extraBodyTypes, extraStatuses, foreignErrors } from './deviations.ts';
import { type OpenApiDocument, type Operation, operationsOf } from './document.ts';
import { convert } from './schemas.ts';

export interface Checker {
  readonly operations: ReadonlyMap<string, Operation>;
  /** What is wrong with an exchange; an empty list where it keeps to the document. */
  check(exchange: Exchange): string[];
}

type Json = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema?: unknown;
}

/** Refused before the request was looked at, or because it was malformed: it is not held against the document. */
const unread = new Set([400, 401, 404, 405, 413, 415]);

const isNoBody = (status: number) => status === 204 || status === 404 || status === 303;

export function createChecker(document: OpenApiDocument): Checker {
  const ajv = new Ajv({ strict: false, allErrors: true, coerceTypes: false });
  formats.default(ajv);
  ajv.addFormat('date-time', (text: string) => parseTimestamp(text) !== undefined);
  for (const [name, schema] of Object.entries(document.components.schemas ?? {})) {
    ajv.addSchema({ ...(convert(schema) as object), $id: `schema:${name}` });
  }
  const compiled = new Map<string, ValidateFunction>();
  const operations = operationsOf(document);

  function resolve(value: unknown): unknown {
    if (!isObject(value) || typeof value.$ref !== 'string') return value;
    const [, , room = '', name = ''] = value.$ref.split('/');
    return document.components[room]?.[name];
  }

  function validate(where: string, key: string, schema: unknown, value: unknown): string[] {
    let test = compiled.get(key);
    if (!test) {
      test = ajv.compile(convert(schema) as object);
      compiled.set(key, test);
    }
    if (test(value)) return [];
    return (test.errors ?? []).map((error) => {
      const extra = typeof error.params.additionalProperty === 'string' ? ` (${error.params.additionalProperty})` : '';
      return `${where}${error.instancePath}: ${error.message}${extra}`;
    });
  }

  function checkParameters({ spec }: Operation, exchange: Exchange): string[] {
    const parameters = (spec.parameters ?? []).map(resolve) as Parameter[];
    const wrong: string[] = [];
    for (const parameter of parameters) {
      const given = parameter.in === 'path' ? exchange.params[parameter.name] : exchange.query.get(parameter.name);
      const where = `${parameter.in} ${parameter.name}`;
      if (given === undefined || given === null) {
        if (parameter.required && ['path', 'query'].includes(parameter.in)) wrong.push(`${where}: missing`);
        continue;
      }
      const key = `${spec.operationId} ${where}`;
      wrong.push(...validate(where, key, parameter.schema ?? {}, fromText(given, parameter.schema)));
    }
    const known = new Set(parameters.filter((each) => each.in === 'query').map(({ name }) => name));
    for (const name of new Set(exchange.query.keys()))
      if (!known.has(name)) wrong.push(`query ${name}: not documented`);
    return wrong;
  }

  function checkRequestBody({ spec }: Operation, exchange: Exchange): string[] {
    const { body } = exchange;
    const documented = resolve(spec.requestBody);
    if (!isObject(documented) || !isObject(documented.content)) {
      return body === undefined ? [] : ['request body: none is documented'];
    }
    // One that is refused by what is before its body is not read.
    if (body === undefined)
      return documented.required === true && exchange.status < 400 ? ['request body: missing'] : [];
    const extra = extraBodyTypes.find((each) => each.operationId === spec.operationId && each.type === body.type);
    const [type, media] = Object.entries(documented.content).find(([name]) => name === (extra?.as ?? body.type)) ?? [];
    if (type === undefined || !isObject(media)) return [`request body: ${body.type} is not documented`];
    return validate('request body', `${spec.operationId} body`, media.schema, body.value);
  }

  function isDocumented({ spec }: Operation, status: number): boolean {
    if (spec.responses[status] !== undefined) return true;
    const { operationId } = spec;
    return extraStatuses.some(
      (each) =>
        each.status === status &&
        (typeof each.operationId === 'string' ? each.operationId === operationId : each.operationId.test(operationId)),
    );
  }

  function checkAnswer(operation: Operation, { status, headers, answer }: Exchange): string[] {
    const { spec } = operation;
    if (!isDocumented(operation, status)) return [`status ${status}: not documented`];
    if (isNoBody(status)) return answer.length === 0 ? [] : [`status ${status}: has a body`];
    if (foreignErrors.has(spec.operationId) && status >= 400) return [];
    const wanted = resolve(spec.responses[status]) ?? defaultError(document, status);
    if (!isObject(wanted) || !isObject(wanted.content)) return [];
    const type = (headers['content-type'] ?? '').split(';')[0] ?? '';
    const media = wanted.content[type] ?? wanted.content['*/*'];
    if (!isObject(media)) return [`status ${status}: ${type} is not documented`];
    if (isBinary(media.schema) || type.startsWith('image/')) return [];
    return validate(`answer ${status}`, `${spec.operationId} ${status}`, media.schema, parseJson(answer));
  }

  return {
    operations,
    check(exchange) {
      const operation = operations.get(exchange.operationId);
      if (!operation) return [`${exchange.operationId}: no such operation`];
      const request = unread.has(exchange.status)
        ? []
        : [...checkParameters(operation, exchange), ...checkRequestBody(operation, exchange)];
      return [...request, ...checkAnswer(operation, exchange)].map((each) => `${exchange.operationId}: ${each}`);
    },
  };
}

/** An error the operation's own list lacks has the body the document gives that status elsewhere. */
function defaultError(document: OpenApiDocument, status: number): unknown {
  const name = Object.keys(document.components.responses ?? {}).find((each) => each.endsWith(`_${status}`));
  return name === undefined ? undefined : document.components.responses?.[name];
}

const isBinary = (schema: unknown) => isObject(schema) && schema.format === 'binary';

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return Buffer.from(bytes).toString('utf8');
  }
}

/** A parameter is text on the wire. */
function fromText(text: string, schema: unknown): unknown {
  const type = isObject(schema) ? schema.type : undefined;
  if (type === 'boolean') return text === 'true' ? true : text === 'false' ? false : text;
  if ((type === 'integer' || type === 'number') && /^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  return text;
}
