import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../repository.ts';

const folder = join(repositoryRoot, 'docs', 'reference');

/** A page of the reference, which is made from the code. */
export interface ReferencePage {
  /** Name of its file. */
  readonly name: string;
  /** Its text, without the title's own line. */
  readonly text: string;
  /** Its title. */
  readonly title: string;
}

/** The whole text of a page's file. */
export function pageText({ title, text }: ReferencePage): string {
  return `# ${title}\n\n<!-- Made from the code by "npm run docs"; change it there. -->\n\n${text.trim()}\n`;
}

/** The text of a page's file as it is in the repository. */
export function storedPage(name: string): string {
  return readFileSync(join(folder, name), 'utf8');
}

/** Writes pages into `docs/reference`. */
export function writePages(pages: readonly ReferencePage[]): void {
  mkdirSync(folder, { recursive: true });
  for (const page of pages) writeFileSync(join(folder, page.name), pageText(page));
}
