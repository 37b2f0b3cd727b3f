import { mkdirSync, writeFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startServer } from '@buildstate/server';
import { expect } from 'vitest';
import { binary, runProcess } from './binary.ts';
import { temporaryFolder } from './cli.ts';

const root = fileURLToPath(new URL('../../../..', import.meta.url));

/** The examples that are scripts, and what each of them shows. */
export const scripts = {
  'with-curl': [
    'A build from an empty database to state 100, with a failure and a resume between, by curl and jq alone.',
  ],
  'with-bldst': [
    'A build from an empty database to state 100, with a failure and a resume between, by bldst alone.',
  ],
  'worker-pool': [
    'Three workers share a build: one completes state 30, one goes on and is killed at state 50, and one waits until',
    'the lease of the dead one has run out, claims the build and finishes it.',
  ],
  'six-regions': [
    'One image is published to six regions side by side. One region fails and is retried alone, and then the build goes on',
    'to state 100.',
  ],
} as const;
/** The name of an example that is a script. */
export type ScriptName = keyof typeof scripts;

/** Replaces what differs from run to run, keeping the widths of columns. */
function settled(text: string, url: string): string {
  const ids = new Map<string, string>();
  const idOf = (id: string) => {
    const known = ids.get(id) ?? `01900000-0000-7000-8000-${String(ids.size + 1).padStart(12, '0')}`;
    ids.set(id, known);
    return known;
  };
  const owner = `${userInfo().username}@${hostname()}`;
  return (
    text
      .replaceAll(url, 'http://127.0.0.1:8080')
      .replaceAll(owner, 'me@here')
      // The column is as wide as the longest name in it.
      .replaceAll(/By +Message/g, 'By       Message')
      .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, idOf)
      .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, '2026-01-01T00:00:00.000Z')
      .replaceAll(/\(in \d+s\)/g, '(in 30s)')
      .replaceAll(/\(\d+s ago\)/g, '(1s ago)')
      .replaceAll(/(?<= {2})( *)\d+s(?= {2}|$)/gm, (found) => '1s'.padStart(found.length))
      .replaceAll(/[^\s=]*\/tmp\.\w+/g, '/tmp/work')
      .replaceAll(/ +$/gm, '')
  );
}

/**
 * Runs the script of an example as a person would, in an empty home against a new server, and answers what it prints.
 *
 * @param store where the server keeps builds @default SQLite
 */
export async function transcriptOf(name: ScriptName, store?: string): Promise<string> {
  const home = temporaryFolder();
  const bldst = join(home, 'bin', 'bldst');
  mkdirSync(dirname(bldst));
  writeFileSync(
    bldst,
    `#!/bin/sh\nexec "${process.execPath}" --conditions=@buildstate/source "${binary}" "$@"\n`,
    {
      mode: 0o755,
    },
  );
  const server = await startServer({
    ...(store !== undefined && { store }),
    port: 0,
    dev: true,
    dataDir: join(home, 'data'),
    environment: {},
    log: { level: 'silent' },
  });
  try {
    const { code, stdout, stderr } = await runProcess(join(root, 'examples', name, 'build.sh'), [], {
      cwd: home,
      env: {
        PATH: [dirname(bldst), process.env.PATH].join(delimiter),
        HOME: home,
        BLDST_URL: server.url,
        BLDST_API_KEY: 'dev-key-12345',
      },
    });
    expect([code, stderr], stdout + stderr).toEqual([0, '']);
    return settled(stdout, server.url);
  } finally {
    await server.close();
  }
}

/** The page of the guide that shows what an example prints. */
export function transcriptPage(name: ScriptName, transcript: string): string {
  return `# What examples/${name} prints

${scripts[name].join('\n')}

Run it against a server of yours:

\`\`\`console
$ BLDST_URL=http://127.0.0.1:8080 BLDST_API_KEY=dev-key-12345 examples/${name}/build.sh
\`\`\`

A test runs it on SQLite and on PostgreSQL; this is what it prints on both.

\`\`\`text
${transcript.trim()}
\`\`\`
`;
}

/** Where that page is. */
export function transcriptFile(name: ScriptName): string {
  return join(root, 'docs', 'guide', 'transcripts', `${name}.md`);
}
