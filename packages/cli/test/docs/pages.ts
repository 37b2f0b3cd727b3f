import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', '..');

/** A page of the documentation with the shell lines that it promises to work. */
export interface Page {
  /** Path in the repository. */
  readonly path: string;
  /** Its `bash` blocks, in order. */
  readonly blocks: readonly string[];
}

/** The `bash` blocks of a page. Blocks marked otherwise (`console`, `sh`) are for reading. */
function blocksOf(markdown: string): string[] {
  return [...markdown.matchAll(/^```bash\n([\s\S]*?)^```$/gm)].map(([, block]) => block ?? '');
}

/** Every page of the guide that has lines to run. */
export function guidePages(): Page[] {
  const folder = join(root, 'docs', 'guide');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name))
    .map((path) => ({ path: relative(root, path), blocks: blocksOf(readFileSync(path, 'utf8')) }))
    .filter(({ blocks }) => blocks.length > 0);
}
