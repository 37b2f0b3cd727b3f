import { readFileSync } from 'node:fs';
import { buildFileJsonSchema } from '@buildstate/client/run';
import { expect, it } from 'vitest';

it('publishes the JSON Schema of buildstate.yaml that the code has', () => {
  const published = readFileSync(new URL('../buildstate.schema.json', import.meta.url), 'utf8');
  expect(JSON.parse(published)).toEqual(buildFileJsonSchema());
});
