// The door to every task of this repository: installs what the lockfile names if it is not installed yet, then
// runs the task under the Node that is a development dependency. It has no dependencies and uses nothing newer
// than Node 18, because it is the one file that runs on whatever Node the machine has.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
const bin = join(root, 'node_modules', '.bin');
const developmentNode = join(
  root,
  'node_modules',
  'node',
  'bin',
  process.platform === 'win32' ? 'node.exe' : 'node',
);

/** The `packages` map of a lockfile, or undefined when there is no such file. */
function lockedPackages(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).packages : undefined;
}

/**
 * Whether node_modules holds exactly the versions of the lockfile. npm keeps its own record of what it
 * installed; comparing the two is exact where comparing times is not. Packages for other platforms are
 * optional and may be absent.
 */
function isInstalled() {
  const wanted = lockedPackages(join(root, 'package-lock.json'));
  const installed = lockedPackages(join(root, 'node_modules', '.package-lock.json'));
  if (installed === undefined || !existsSync(developmentNode)) return false;
  return Object.entries(wanted)
    .filter(([path]) => path.includes('node_modules/'))
    .every(([path, { version, link, optional, devOptional, peer }]) => {
      const found = installed[path];
      if (found === undefined) return Boolean(optional || devOptional || peer);
      return link ? found.link === true : found.version === version;
    });
}

/** Runs npm, through the very npm that started this script where there is one. Its output goes to stderr. */
function npm(...args) {
  const viaNpm = process.env.npm_execpath;
  const [command, first] = viaNpm ? [process.execPath, [viaNpm]] : ['npm', []];
  const { status, error } = spawnSync(command, [...first, ...args], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: !viaNpm && process.platform === 'win32',
  });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

if (!isInstalled()) {
  process.stderr.write('Installing the dependencies that package-lock.json names…\n');
  npm('ci', '--no-audit', '--no-fund', '--loglevel=error');
}
if (!existsSync(developmentNode)) {
  process.stderr.write(
    'The development dependency "node" is not installed: its install script did not run.\n' +
      'Allow install scripts (npm config get ignore-scripts must be false) and delete node_modules.\n',
  );
  process.exit(1);
}

const tasks = join(root, 'packages', 'tooling', 'src', 'tasks', 'main.ts');
const child = spawn(developmentNode, [tasks, ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ''}` },
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('error', (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
child.on('exit', (code, signal) => {
  process.exitCode = code ?? 128 + constants.signals[signal];
});
