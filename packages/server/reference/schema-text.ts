import { anchorOf, markdownTable } from '@buildstate/tooling/reference';
import type { Schema } from './open-api.ts';

/** The name of the schema that a reference leads to. */
export function referredName({ $ref }: Schema): string | undefined {
  return $ref?.slice($ref.lastIndexOf('/') + 1);
}

function range({ minimum, maximum }: Schema): string {
  const low = minimum === undefined || minimum <= Number.MIN_SAFE_INTEGER ? undefined : minimum;
  const high = maximum === undefined || maximum >= 2 ** 31 ? undefined : maximum;
  if (low !== undefined && high !== undefined) return `, ${low} to ${high}`;
  if (low !== undefined) return `, at least ${low}`;
  return high === undefined ? '' : `, at most ${high}`;
}

function choice(schemas: readonly Schema[]): string {
  return [...new Set(schemas.map(typeText))].join(' or ');
}

/** The type of a value in words: `integer, 0 to 100`, `array of [Build](#build)`, `string or null`. */
export function typeText(schema: Schema): string {
  const name = referredName(schema);
  if (name !== undefined) return `[${name}](#${anchorOf(name)})`;
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${String(value)}\``).join(', ');
  const union = schema.anyOf ?? schema.oneOf;
  if (union !== undefined) return choice(union);
  if (schema.allOf !== undefined) return schema.allOf.map(typeText).join(' and ');
  if (Array.isArray(schema.type)) return choice(schema.type.map((type: string) => ({ ...schema, type })));
  if (schema.type === 'array')
    return `array of ${schema.items === undefined ? 'anything' : typeText(schema.items)}`;
  if (schema.type === 'object') return objectText(schema);
  if (schema.type === 'string') return `string${schema.format === undefined ? '' : ` (${schema.format})`}`;
  return `${String(schema.type ?? 'anything')}${range(schema)}`;
}

function objectText({ properties, additionalProperties }: Schema): string {
  if (properties !== undefined) {
    return `object of ${Object.entries(properties)
      .map(([name, schema]) => `\`${name}\` (${typeText(schema)})`)
      .join(', ')}`;
  }
  const values = typeof additionalProperties === 'object' ? typeText(additionalProperties) : 'anything';
  return values === 'anything' ? 'object' : `object with values: ${values}`;
}

/** The table of an object's fields. */
export function fieldTable({ properties = {}, required = [] }: Schema, ofRequest: boolean): string {
  const rows = Object.entries(properties).map(([name, schema]) => {
    const must = ofRequest && required.includes(name) ? 'Required.' : '';
    const initial = schema.default === undefined ? '' : `Default: \`${JSON.stringify(schema.default)}\`.`;
    const described = schema.description === undefined ? '' : `${schema.description.replace(/\.?$/, '.')}`;
    return [`\`${name}\``, typeText(schema), [must, described, initial].filter(Boolean).join(' ')];
  });
  return markdownTable(['field', 'type', 'meaning'], rows);
}
