import { expect, test } from 'vitest';
import { imageTypes } from '../../../src/reference/topics.ts';
import { testCreate } from '../../reference/verbs.ts';
import { succeeded, withServer } from '../../support/server.ts';

testCreate(imageTypes);

test('names its variant by name or id', async () => {
  const { cli, project } = withServer();
  const made = succeeded(await cli(['image-variant', 'create', `${project}-v`, '-o', 'id']));
  const id = made.stdout.trim();
  const { json } = await cli(['image-type', 'create', project, '--image-variant', id, '--json']);
  expect(json.image_variant_id).toBe(id);
  const missing = await cli(['image-type', 'create', `${project}-2`, '--image-variant', 'nobody-at-all']);
  expect(missing.code).toBe(3);
  expect(missing.stderr).toContain('image variant "nobody-at-all"');
});
