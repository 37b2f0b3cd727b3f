import fc, { type Arbitrary } from 'fast-check';

/** A JSON Schema, as far as the API's document uses it. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly format?: string;
  readonly pattern?: string;
}

/** Values of the server's own, by the name of the field or parameter that takes them: ids of what is there. */
export type KnownValues = Readonly<Record<string, readonly string[]>>;

const uuid = /^[0-9a-f]{8}-[0-9a-f-]{27}$/;

/** Deeper than this, schemas that contain themselves end in `null`. */
const deepest = 6;

const formats: Readonly<Record<string, Arbitrary<string>>> = {
  'date-time': fc
    .date({ min: new Date(0), max: new Date(4_102_444_800_000), noInvalidDate: true })
    .map((date) => date.toISOString()),
  uuid: fc.uuid(),
};

const word = fc.stringMatching(/^[a-z][a-z0-9-]{2,12}$/);
const matching = new Map<string, Arbitrary<string>>();

/** Texts that match a pattern; made once each, because making them takes longer than a thousand requests do. */
function textsMatching(pattern: string): Arbitrary<string> {
  const known = matching.get(pattern) ?? fc.stringMatching(new RegExp(pattern));
  matching.set(pattern, known);
  return known;
}

function textOf({ format = '', pattern, minLength = 0, maxLength = 40 }: JsonSchema): Arbitrary<string> {
  const known = formats[format];
  if (known !== undefined) return known;
  const plain = fc.string({ minLength, maxLength: Math.max(minLength, Math.min(maxLength, 40)) });
  if (pattern === undefined) return fc.oneof(word, plain);
  return fc.oneof(
    { weight: 8, arbitrary: textsMatching(pattern).map((text) => text.slice(0, maxLength)) },
    { weight: 1, arbitrary: word },
    { weight: 1, arbitrary: plain },
  );
}

function numberOf({ type, minimum = -1e6, maximum = 1e6 }: JsonSchema): Arbitrary<number> {
  const [min, max] = [Math.max(minimum, -1e9), Math.min(maximum, 1e9)];
  return type === 'integer'
    ? fc.integer({ min: Math.ceil(min), max: Math.floor(max) })
    : fc.double({ min, max, noNaN: true });
}

/** Makes valid or nearly valid values of the schemas of one document. */
export class SchemaArbitrary {
  readonly #schemas: Readonly<Record<string, JsonSchema>>;
  readonly #known: KnownValues;

  constructor(schemas: Readonly<Record<string, JsonSchema>>, known: KnownValues) {
    this.#schemas = schemas;
    this.#known = known;
  }

  /** Values of a schema. */
  of(schema: JsonSchema, name = '', depth = 0): Arbitrary<unknown> {
    const own = this.#own(schema, depth, name);
    const known = this.#knownFor(schema, name);
    return known.length === 0
      ? own
      : fc.oneof({ weight: 15, arbitrary: fc.constantFrom(...known) }, { weight: 1, arbitrary: own });
  }

  /** The known values of a name, in the type of a schema. */
  #knownFor({ type, format }: JsonSchema, name: string): readonly unknown[] {
    const known = this.#known[name] ?? [];
    if (type === 'integer' || type === 'number') return known.map(Number).filter(Number.isFinite);
    return format === 'uuid' ? known.filter((value) => uuid.test(value)) : known;
  }

  #own(schema: JsonSchema, depth: number, name: string): Arbitrary<unknown> {
    if (depth > deepest) return fc.constant(null);
    if (schema.$ref !== undefined) return this.of(this.#referred(schema.$ref), name, depth + 1);
    if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
    if (schema.const !== undefined) return fc.constant(schema.const);
    const choices = schema.anyOf ?? schema.oneOf ?? schema.allOf;
    if (choices !== undefined) return fc.oneof(...choices.map((one) => this.of(one, name, depth + 1)));
    const [type, ...others] = [schema.type].flat();
    if (others.length > 0)
      return fc.oneof(
        ...[type, ...others].map((one) => this.of({ ...schema, type: one as string }, name, depth + 1)),
      );
    if (type === 'object') return this.#object(schema, depth);
    if (type === 'array') {
      const { items = {}, minItems = 0, maxItems = 4 } = schema;
      const maxLength = Math.max(minItems, Math.min(maxItems, 4));
      return fc.array(this.of(items, '', depth + 1), { minLength: minItems, maxLength });
    }
    if (type === 'string') return textOf(schema);
    if (type === 'integer' || type === 'number') return numberOf(schema);
    if (type === 'boolean') return fc.boolean();
    return type === 'null' ? fc.constant(null) : fc.jsonValue({ maxDepth: 3 });
  }

  #object({ properties = {}, required = [], additionalProperties }: JsonSchema, depth: number) {
    const members = Object.fromEntries(
      Object.entries(properties).map(([name, schema]) => [name, this.of(schema, name, depth + 1)]),
    );
    const record = fc.record(members, { requiredKeys: [...required] });
    if (Object.keys(members).length > 0 || additionalProperties === false) return record;
    return fc.dictionary(fc.string({ maxLength: 10 }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4 });
  }

  #referred(ref: string): JsonSchema {
    return this.#schemas[ref.slice(ref.lastIndexOf('/') + 1)] ?? {};
  }
}
