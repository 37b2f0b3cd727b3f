import { pageText, storedPage } from '@buildstate/tooling/reference';
import { expect, it } from 'vitest';
import { apiPage } from '../../reference/api-page.ts';
import { servedDocument } from '../../reference/served-document.ts';

it('the page about the API is as "npm run docs" writes it', async () => {
  const page = apiPage(await servedDocument());
  expect(storedPage(page.name), 'Run "npm run docs".').toBe(pageText(page));
});
