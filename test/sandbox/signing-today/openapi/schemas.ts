/** OpenAPI 3.0 schemas made into JSON Schema for ajv, with the deviations applied. Unknown fields are refused: who sends one should know. */
type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Formats that name no format of JSON Schema (deviations.ts). */
const emptyFormats = new Set(['any', 'string', 'object', 'array', 'boolean', 'number', 'url', 'binary']);
/** Words of OpenAPI that are none of JSON Schema's. */
const dropped = new Set(['example', 'examples', 'xml', 'externalDocs', 'readOnly', 'writeOnly', 'deprecated', 'title']);
const placeFields = new Set(['positionX', 'positionY', 'width', 'height']);

/** `#/components/schemas/X` to the id the schemas are registered under. */
const toRef = (ref: string): string => ref.replace('#/components/schemas/', 'schema:');

function enumOfItems(schema: Json): Json {
  const { enum: values, items, ...rest } = schema;
  return { ...rest, items: { ...(isObject(items) ? items : {}), enum: values } };
}

function convertProperty(name: string, schema: unknown): unknown {
  if (name === 'extraData') return { type: 'object' };
  if (placeFields.has(name) && isObject(schema) && schema.type === 'number') {
    return { anyOf: [{ type: 'number' }, { type: 'string', pattern: '^[0-9]+(\\.[0-9]+)?$' }] };
  }
  if (name === 'grant_type') return { enum: ['password', 'refresh_token'] };
  if (name === 'resourceType' && isObject(schema) && schema.items !== undefined && schema.type === undefined) {
    return { anyOf: [{ enum: schema.enum }, { type: 'array', items: { enum: schema.enum } }] };
  }
  if (name === 'tags' && isObject(schema)) return convert({ ...schema, format: 'any' });
  return convert(schema);
}

/** A schema as ajv takes it; `nullable` becomes a union with null (OpenAPI 3.0, 4.7.24). */
export function convert(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(convert);
  if (!isObject(schema)) return schema;
  if (typeof schema.$ref === 'string') return { $ref: toRef(schema.$ref) };
  const source = schema.type === 'array' && Array.isArray(schema.enum) ? enumOfItems(schema) : schema;
  const out: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(source)) {
    if (dropped.has(key) || key.startsWith('x-') || key === 'nullable' || key === 'discriminator') continue;
    if (key === 'format' && emptyFormats.has(String(value))) continue;
    if (key === 'description' || key === 'default') continue;
    if (key === 'properties' && isObject(value)) {
      out.properties = Object.fromEntries(
        Object.entries(value).map(([name, each]) => [name, convertProperty(name, each)]),
      );
      if ('grant_type' in value) Object.assign(out.properties as object, { refresh_token: { type: 'string' } });
    } else out[key] = convert(value);
  }
  if (out.properties !== undefined && out.additionalProperties === undefined) out.additionalProperties = false;
  if (out.properties !== undefined && out.type === undefined) out.type = 'object';
  return source.nullable === true ? { anyOf: [out, { type: 'null' }] } : out;
}
