// Writes the page of docs/reference that is made from this package. Part of "npm run docs".
import { writePages } from '@buildstate/tooling/reference';
import { databasePage } from '../reference/database-page.ts';

writePages([databasePage()]);
