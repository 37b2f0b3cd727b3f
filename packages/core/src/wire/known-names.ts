import { z } from 'zod';

/** The schemas that a value must pass at the same place: what a wrapper wraps, what alternatives there are. */
function within(schema: z.core.$ZodType): readonly z.core.$ZodType[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) return [schema.def.innerType];
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodReadonly) return [schema.def.innerType];
  if (schema instanceof z.ZodPipe) return [schema.def.in];
  if (schema instanceof z.ZodUnion) return schema.def.options;
  return [];
}

/** The schemas of what a member with this key must be. */
function memberSchemas(schema: z.core.$ZodType, key: PropertyKey): readonly z.core.$ZodType[] {
  if (schema instanceof z.ZodObject) {
    const shape: Readonly<Record<PropertyKey, z.core.$ZodType>> = schema.shape;
    return Object.hasOwn(shape, key) && shape[key] !== undefined ? [shape[key]] : [];
  }
  if (schema instanceof z.ZodArray) return [schema.element];
  if (schema instanceof z.ZodRecord) return [schema.def.valueType];
  return within(schema).flatMap((inner) => memberSchemas(inner, key));
}

function namesOf(schema: z.core.$ZodType): readonly string[] {
  if (schema instanceof z.ZodObject) return Object.keys(schema.shape);
  return within(schema).flatMap(namesOf);
}

/** The names that a schema knows for the fields of the object at a path. */
export function knownNames(schema: z.core.$ZodType, path: readonly PropertyKey[]): readonly string[] {
  let schemas: readonly z.core.$ZodType[] = [schema];
  for (const key of path) schemas = schemas.flatMap((one) => memberSchemas(one, key));
  return schemas.flatMap(namesOf);
}
