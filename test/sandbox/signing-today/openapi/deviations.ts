/**
 * Where the sandbox and the client keep to something else than the letter of the vendor's OpenAPI, and why. Everything not listed
 * here is held to the document.
 */

/** Statuses an operation answers though the document does not list them. */
export const extraStatuses: readonly {
  readonly operationId: string | RegExp;
  readonly status: number;
  readonly because: string;
}[] = [
  {
    operationId: /./,
    status: 401,
    because: 'every operation with a bearer token can meet an expired one; the document forgets it for a few',
  },
  {
    operationId: 'oauthTokenPOST',
    status: 400,
    because: 'RFC 6749, 5.2: a refused grant is a 400; the document lists the good answer only',
  },
  {
    operationId: 'dSTIdPUT',
    status: 409,
    because: 'a PUT of a DST that changed meanwhile (shared/api/README.md); the document has no answer for it',
  },
  {
    operationId: /^robot(Authentication|Configuration)/,
    status: 403,
    because: 'another’s robot account needs a capability; the document gives these operations no 403',
  },
  {
    operationId: /^robot(Authentication|Configuration)/,
    status: 404,
    because: 'an account that is not there; the document gives these operations no 404',
  },
  {
    operationId: /./,
    status: 413,
    because: 'a body larger than a server takes (RFC 9110, 15.5.14) can meet any operation',
  },
  { operationId: /./, status: 415, because: 'a body of another type (RFC 9110, 15.5.16) can meet any operation' },
  {
    operationId: /(POST|PUT|PATCH)$/,
    status: 400,
    because: 'a body that cannot be read; the document gives some operations with a body no 400',
  },
];

/** Content types a request may have besides the documented one, of the same shape. */
export const extraBodyTypes: readonly {
  readonly operationId: string;
  readonly type: string;
  readonly as: string;
  readonly because: string;
}[] = [
  {
    operationId: 'oauthTokenPOST',
    type: 'application/x-www-form-urlencoded',
    as: 'multipart/form-data',
    because: 'RFC 6749, 4.3.2: what OAuth clients send; the documents name a form beside the multipart one',
  },
];

/** Operations whose error bodies are of another standard. */
export const foreignErrors: ReadonlyMap<string, string> = new Map([
  ['oauthTokenPOST', 'RFC 6749, 5.2: {error}, which OAuth clients read'],
]);

/** Changes of the schemas before they are compiled: the document contradicts its own samples here. */
export const schemaNotes = {
  'extraData.additionalProperties':
    'typed as objects, while the vendor’s samples hold texts and numbers (st_uuid, signatureRequestId, toSign): any value',
  'User.capabilities.enum': 'the enum stands beside the array and means its items',
  'CreateDocument_resource.resourceType': 'an enum beside `items`, without a type: one of its texts, or a list of them',
  'FillableForm.position and size':
    'numbers; the vendor’s samples send them as texts with two decimals ("58.14"), and so does the sandbox: either',
  'formats any, string, object, array, boolean, number, url': 'no formats of JSON Schema: they say nothing',
  'date-time': 'the samples hold three forms (timestamps.ts): any of them',
  'inline_object.grant_type':
    'lists `password` alone while the token endpoint answers a refresh_token: both, with its field',
  'deviceAuthorizationGET image/png':
    'has the schema of the JSON that the picture encodes: its bytes are not held to it',
  readOnly:
    'a PUT sends a DST or a note back as it was read: read-only fields are allowed in requests and not taken from them',
} as const;
