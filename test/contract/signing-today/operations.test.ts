/**
 * Every operation of Signing Today, called by the client on the sandbox, requests and answers held against the vendor's OpenAPI.
 * A group's cases are a file of the folder `operations`.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { operationsOf } from '../../sandbox/signing-today/openapi/document.ts';
import { loadDocument, missingDocument } from '../../sandbox/signing-today/openapi/index.ts';
import { routes } from '../../sandbox/signing-today/routes.ts';
import { dstCases } from './operations/dst-cases.ts';
import { noteCases } from './operations/note-cases.ts';
import { type OperationCase, openStage, type Stage } from './operations/operation-case.ts';
import { peopleCases } from './operations/people-cases.ts';
import { resourceCases } from './operations/resource-cases.ts';
import { robotCases } from './operations/robot-cases.ts';
import { workflowCases } from './operations/workflow-cases.ts';

const cases: Readonly<Record<string, OperationCase>> = {
  ...dstCases,
  ...workflowCases,
  ...noteCases,
  ...peopleCases,
  ...resourceCases,
  ...robotCases,
};

const document = loadDocument();

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

describe('an operation', () => {
  it.each(Object.keys(cases))('%s', async (operationId) => {
    await cases[operationId]?.(stage);
    const answered = stage.watch.exchanges.filter((each) => each.operationId === operationId);
    expect(answered.some(({ status }) => status < 400)).toBe(true);
    expect(stage.watch.violations).toEqual([]);
  });
});

describe.skipIf(!document)(document ? 'the 62 operations' : `the 62 operations (skipped: ${missingDocument})`, () => {
  const operations = document ? operationsOf(document) : new Map();
  const sorted = (ids: Iterable<string>) => [...ids].sort();

  it('are 62', () => {
    expect(operations.size).toBe(62);
  });

  it('each have a case here', () => {
    expect(sorted(Object.keys(cases))).toEqual(sorted(operations.keys()));
  });

  it('are each answered by the sandbox at the documented method and path', () => {
    const answered = routes.map(({ operationId, method, path }) => `${operationId} ${method} ${path}`);
    const documented = [...operations].map(([operationId, { method, path }]) => `${operationId} ${method} ${path}`);
    expect(sorted(answered)).toEqual(sorted(documented));
  });
});
