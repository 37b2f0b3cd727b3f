import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pageText, storedPage } from '@buildstate/tooling/reference';
import { expect, test } from 'vitest';
import { commandsPage } from '../../reference/commands-page.ts';
import { environmentPage, explainedVariables } from '../../reference/environment-page.ts';
import { errorMeanings } from '../../reference/error-meanings.ts';
import { errorCodes, errorsPage } from '../../reference/errors-page.ts';

test.each([commandsPage, errorsPage, environmentPage])('%o is as "npm run docs" writes it', async (make) => {
  const page = await make();
  expect(storedPage(page.name), 'Run "npm run docs".').toBe(pageText(page));
});

test('every error code is explained, and no other', () => {
  expect(Object.keys(errorMeanings).sort()).toEqual(errorCodes());
});

test('every variable of BuildState that the sources name is explained, and no other', () => {
  const root = fileURLToPath(new URL('../../../..', import.meta.url));
  const texts = globSync('packages/*/src/**/*.ts', { cwd: root }).map((path) =>
    readFileSync(join(root, path), 'utf8'),
  );
  const named = texts.flatMap(
    (text) => text.match(/\b(?:BLDST|RESUME|ARTIFACT_SIGNING)_[A-Z0-9_]*[A-Z0-9]\b/g) ?? [],
  );
  // Prefixes and an example of what is made with one.
  const spelt = (name: string) => name.replace(/^BLDST_ARTIFACT_BASE_IMAGE$/, 'BLDST_ARTIFACT_NAME');
  const known = new Set(named.map(spelt));
  for (const prefix of ['BLDST_VAR', 'BLDST_ARTIFACT', 'BLDST_S3']) known.delete(prefix);
  expect([...known].sort()).toEqual(explainedVariables());
});
