import { z } from 'zod';
import { buildFileSchema } from './schema.ts';

/** The JSON Schema (draft 7, which editors know best) of `buildstate.yaml`. */
export function buildFileJsonSchema(): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(buildFileSchema, { target: 'draft-7', io: 'input' });
  return {
    $schema,
    title: 'buildstate.yaml',
    description: 'A whole resumable build: what bldst run starts and continues.',
    ...schema,
  };
}
