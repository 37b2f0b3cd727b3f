import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** What a stranger's first program does with the client: a build in a local store, moved and read back. */
const program = `
import { connect } from '@buildstate/client';
const client = await connect('./store.db');
const build = await client.builds.create({ project: 'first', buildNumber: '1' });
await client.builds.record(build.id, { state: 100 });
const { status } = await client.builds.get('first:1');
await client.close();
if (status !== 'completed') throw new Error(status);
`;

interface Try {
  readonly title: string;
  readonly command: string;
  readonly args: readonly string[];
}

const tries: readonly Try[] = [
  { title: 'npx bldst --version', command: 'node_modules/.bin/bldst', args: ['--version'] },
  { title: 'bldst --help', command: 'node_modules/.bin/bldst', args: ['--help'] },
  { title: 'bldst build list', command: 'node_modules/.bin/bldst', args: ['build', 'list', '--json'] },
  { title: "a program that imports '@buildstate/client'", command: process.execPath, args: ['first.mjs'] },
];

async function attempt({ title, command, args }: Try, folder: string): Promise<string[]> {
  try {
    await execute(command, [...args], {
      cwd: folder,
      // A home of its own, so that nothing of this machine's user helps.
      env: { PATH: process.env.PATH, HOME: join(folder, 'home') },
    });
    return [];
  } catch (error) {
    return [`installed packs: ${title}: ${(error as { stderr?: string }).stderr || String(error)}`];
  }
}

/**
 * Installs tarballs in an empty folder, as a stranger would, and uses them.
 * @param tarballs absolute paths; they may need each other
 * @param folder an empty folder
 * @returns one sentence for each problem
 */
export async function installedPackProblems(tarballs: readonly string[], folder: string): Promise<string[]> {
  mkdirSync(join(folder, 'home'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"private": true, "type": "module"}\n');
  writeFileSync(join(folder, 'first.mjs'), program);
  try {
    await execute('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', ...tarballs], {
      cwd: folder,
    });
  } catch (error) {
    return [`installed packs: npm install: ${(error as { stderr?: string }).stderr || String(error)}`];
  }
  const problems: string[] = [];
  for (const one of tries) problems.push(...(await attempt(one, folder)));
  return problems;
}
