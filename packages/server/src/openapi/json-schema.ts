import { z } from 'zod';

/** What zod hands to an override: a schema, and the JSON Schema made of it, to be changed in place. */
interface OverrideContext {
  readonly zodSchema: unknown;
  readonly jsonSchema: Record<string, unknown>;
}

function replace(target: Record<string, unknown>, source: object): void {
  const kept = target.description;
  for (const key of Object.keys(target)) delete target[key];
  Object.assign(target, source, kept === undefined ? {} : { description: kept });
}

/** What a text in a path or query is read as, where that is a number or a flag; `undefined` for other schemas. */
function readAs(schema: unknown): z.ZodType | undefined {
  if (schema instanceof z.ZodCodec || schema instanceof z.ZodPipe) {
    const { out } = schema._zod.def;
    const isValue = out instanceof z.ZodNumber || out instanceof z.ZodBoolean;
    return isValue ? out : undefined;
  }
  return undefined;
}

/**
 * Says of parameters that arrive as text and are read as numbers or flags (`limit`, `state`, `include_deleted`) what
 * they are read as, so that generated clients get the right types.
 */
export function overrideJsonSchema({ zodSchema, jsonSchema }: OverrideContext): void {
  const target = readAs(zodSchema);
  if (target !== undefined) {
    const { $schema: _dialect, ...plain } = z.toJSONSchema(target);
    replace(jsonSchema, plain);
  }
  if (zodSchema instanceof z.ZodUndefined) jsonSchema.type = 'null';
}
