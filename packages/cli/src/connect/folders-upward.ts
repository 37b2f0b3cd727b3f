import { dirname } from 'node:path';

/** A folder and those above it, the nearest first. */
export function* foldersUpward(start: string): Generator<string, void> {
  let folder = start;
  for (;;) {
    yield folder;
    const above = dirname(folder);
    if (above === folder) return;
    folder = above;
  }
}
