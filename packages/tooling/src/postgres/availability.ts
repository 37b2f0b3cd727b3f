import { accessSync, constants, readdirSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

const programs = ['initdb', 'postgres'];
const debianFolder = '/usr/lib/postgresql';

function canRun(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Debian keeps the server's programs off the PATH, in a folder for each version; the newest first. */
function debianFolders(): string[] {
  try {
    const versions = readdirSync(debianFolder).filter((name) => /^\d+$/.test(name));
    return versions.sort((a, b) => Number(b) - Number(a)).map((name) => join(debianFolder, name, 'bin'));
  } catch {
    return [];
  }
}

/** The folder of PostgreSQL's programs; `undefined` when this machine has no server. */
export function postgresPrograms(): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...debianFolders()];
  const folder = folders.find((path) => path !== '' && programs.every((name) => canRun(join(path, name))));
  // Where links lead, the programs that nobody linked are as well.
  return folder && dirname(realpathSync(join(folder, 'postgres')));
}
