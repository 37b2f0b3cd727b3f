// Writes the JSON Schema of buildstate.yaml, which is published with this package for editors. Part of the build.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { buildFileJsonSchema } from '@buildstate/client/run';

const path = new URL('../buildstate.schema.json', import.meta.url);
const schema = buildFileJsonSchema();
// Left alone when it says the same: the file is kept in the form that the formatter gives it.
const known: unknown = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
if (!isDeepStrictEqual(known, schema)) writeFileSync(path, `${JSON.stringify(schema, null, 2)}\n`);
