import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

const example = dirname(import.meta.dirname);

/** The program that is demonstrated: the public command, as it is installed. */
export const bldst = join(
  dirname(createRequire(import.meta.url).resolve('bldst/package.json')),
  'bin',
  'bldst.cjs',
);

/** The folders of the demonstration, all under one that is removed at the end. */
export interface Workplace {
  /** The one that holds the others. */
  readonly root: string;
  /** Where the server keeps its database and artifacts. */
  readonly serverData: string;
  /** Makes the folder of a worker: a working copy of the example, with nothing built in it. */
  worker(name: string): string;
  /** Removes everything. */
  remove(): void;
}

/** Makes the folders. */
export function makeWorkplace(): Workplace {
  const root = mkdtempSync(join(tmpdir(), 'bldst-demo-'));
  return {
    root,
    serverData: join(root, 'server'),
    worker(name) {
      const folder = join(root, name);
      mkdirSync(folder);
      for (const part of ['buildstate.yaml', 'disk', 'steps'])
        cpSync(join(example, part), join(folder, part), { recursive: true });
      return folder;
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

/**
 * The environment of a process of the demonstration: a home of its own, so that neither the user's settings nor
 * those of other processes play a part, and this Node first on the path.
 */
export function environmentOf(home: string, more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(BLDST|XDG)_|_KEY$/.test(name));
  return {
    ...Object.fromEntries(kept),
    HOME: home,
    PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH ?? ''}`,
    ...more,
  };
}
