import fc, { type Arbitrary } from 'fast-check';
import { devKeys } from '../support/test-server.ts';
import { bodyText, hostileText } from './hostile.ts';
import { type JsonSchema, type KnownValues, SchemaArbitrary } from './schema-arbitrary.ts';

/** A request as it is sent. */
export interface FuzzRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly schema?: JsonSchema;
}
interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema?: JsonSchema }>> };
}
/** The API's document, as far as requests are made of it. */
export interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> };
}

/** What may stand in a request line as it is; anything else is encoded, as every client does. */
const encoded = (text: string) => encodeURIComponent(text.toWellFormed());

const headerText = fc.string({
  unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
  maxLength: 40,
});

const headers: Arbitrary<Record<string, string>> = fc
  .tuple(
    fc.oneof(
      {
        weight: 80,
        arbitrary: fc.constantFrom(...Array<string>(8).fill(devKeys.admin), devKeys.write, devKeys.read),
      },
      { weight: 1, arbitrary: headerText },
    ),
    fc.oneof(
      { weight: 40, arbitrary: fc.constant('application/json') },
      {
        weight: 1,
        arbitrary: fc.constantFrom(
          'text/plain',
          'application/x-www-form-urlencoded',
          'application/json; charset=latin1',
          'application/octet-stream',
          'x',
          '',
        ),
      },
    ),
    fc.record(
      {
        'idempotency-key': fc.oneof(
          fc.uuid(),
          fc.constantFrom('same', '"quoted"', '"', 'two words'),
          headerText,
        ),
        'if-match': fc.constantFrom('*', '"1"', 'W/"1"', '"a", "b"', 'nonsense', '"'),
        'if-none-match': fc.constantFrom('*', '"1"', '"'),
        range: fc.constantFrom('bytes=0-1', 'bytes=9-1', 'bytes=-', 'lines=1-2'),
        accept: fc.constantFrom('*/*', 'text/html', 'application/xml', ''),
        'x-request-id': headerText,
        'x-forwarded-for': headerText,
        'x-http-method-override': fc.constantFrom('DELETE', 'GET'),
      },
      { requiredKeys: [] },
    ),
  )
  .map(([key, type, more]) => ({ 'x-api-key': key, 'content-type': type, ...more }));

const someHeaders = fc.oneof(
  {
    weight: 12,
    arbitrary: headers.map(({ 'x-api-key': key = '', 'content-type': type = '' }) => ({
      'x-api-key': key,
      'content-type': type,
    })),
  },
  { weight: 1, arbitrary: headers },
);

function pathOf(
  template: string,
  parameters: readonly Parameter[],
  schemas: SchemaArbitrary,
): Arbitrary<string> {
  const parts = template.split(/(\{\w+\})/).map((part): Arbitrary<string> => {
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    if (name === undefined) return fc.constant(part);
    const schema = parameters.find((one) => one.in === 'path' && one.name === name)?.schema ?? {};
    const valid = schemas.of(schema, name).map(String);
    return fc
      .oneof({ weight: 20, arbitrary: valid }, { weight: 1, arbitrary: hostileText })
      .map((text) => encoded(text));
  });
  const slash = fc.oneof(
    { weight: 60, arbitrary: fc.constant('') },
    { weight: 1, arbitrary: fc.constantFrom('/', '//', '/x', '/%2e%2e') },
  );
  return fc.tuple(fc.tuple(...parts), slash).map(([all, end]) => `${all.join('')}${end}`);
}

function queryOf(parameters: readonly Parameter[], schemas: SchemaArbitrary): Arbitrary<string> {
  const known = parameters.filter((one) => one.in === 'query');
  // Cursors are only good for the list that made them, so that any other is a hostile one.
  const others = known.filter(({ name }) => name !== 'cursor');
  const valid = fc.record(
    Object.fromEntries(others.map(({ name, schema = {} }) => [name, schemas.of(schema, name).map(String)])),
    { requiredKeys: [] },
  );
  const names = fc.constantFrom(
    ...known.map(({ name }) => name),
    'limit',
    'cursor',
    'skip',
    'limti',
    '__proto__',
  );
  const hostile = fc.array(fc.tuple(names, hostileText), { maxLength: 3 });
  const text = (pairs: readonly (readonly [string, string])[]) =>
    pairs.length === 0
      ? ''
      : `?${pairs.map(([name, value]) => `${encoded(name)}=${encoded(value)}`).join('&')}`;
  return fc.oneof(
    { weight: 8, arbitrary: valid.map((query) => text(Object.entries(query as Record<string, string>))) },
    { weight: 1, arbitrary: hostile.map(text) },
    { weight: 6, arbitrary: fc.constant('') },
  );
}

/** Requests of every operation of a document: valid, nearly valid and hostile ones. */
export function requestsOf(document: ApiDocument, known: KnownValues): Arbitrary<FuzzRequest> {
  const schemas = new SchemaArbitrary(document.components.schemas, known);
  const operations = Object.entries(document.paths).flatMap(([template, methods]) =>
    Object.entries(methods).map(([method, { parameters = [], requestBody }]) => {
      const content = Object.values(requestBody?.content ?? {})[0]?.schema;
      const body = content === undefined ? undefined : bodyText(schemas.of(content));
      return fc.record({
        method: fc.oneof(
          { weight: 40, arbitrary: fc.constant(method.toUpperCase()) },
          { weight: 1, arbitrary: fc.constantFrom('GET', 'PUT', 'PATCH', 'HEAD', 'OPTIONS', 'POST') },
        ),
        path: fc
          .tuple(pathOf(template, parameters, schemas), queryOf(parameters, schemas))
          .map(([path, query]) => path + query),
        headers: someHeaders,
        body:
          body === undefined
            ? fc.oneof({ weight: 40, arbitrary: fc.constant('') }, { weight: 1, arbitrary: fc.json() })
            : body,
      });
    }),
  );
  return fc.oneof(...operations);
}
