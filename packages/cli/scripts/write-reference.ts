// Writes the pages of docs/reference that are made from this package. Part of "npm run docs".
import { writePages } from '@buildstate/tooling/reference';
import { commandsPage } from '../reference/commands-page.ts';
import { environmentPage } from '../reference/environment-page.ts';
import { errorsPage } from '../reference/errors-page.ts';

writePages([await commandsPage(), errorsPage(), environmentPage()]);
