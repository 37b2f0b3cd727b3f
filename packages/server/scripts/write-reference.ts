// Writes the page of docs/reference that is made from this package. Part of "npm run docs".
import { writePages } from '@buildstate/tooling/reference';
import { apiPage } from '../reference/api-page.ts';
import { servedDocument } from '../reference/served-document.ts';

writePages([apiPage(await servedDocument())]);
