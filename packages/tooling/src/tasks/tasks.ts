import { relative } from 'node:path';
import { checkBoundaries } from '../boundaries/check.ts';
import { checkLockfile } from '../checks/lockfile.ts';
import { checkPacks } from '../checks/packs.ts';
import { tally } from '../ci/tally.ts';
import { stagePackage } from '../publish/stage.ts';
import { benchFiles, publicPackages, referenceScripts, repositoryRoot, soakFiles } from '../repository.ts';
import { CommandFailedError, run, runAside } from './run.ts';

/** Something that `npm run` does in this repository; the arguments are those after the task's name. */
export type Task = (args: string[]) => Promise<void>;

function report(what: string, problems: readonly string[]): void {
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) throw new CommandFailedError(what, 1);
  console.log(`${what}: no problems`);
}

const build: Task = (args) =>
  runAside(
    'turbo',
    'run',
    'build',
    '--output-logs=errors-only',
    '--log-prefix=none',
    '--concurrency=2',
    ...args,
  );

const test: Task = async (args) => {
  await build([]);
  await run('vitest', 'run', ...args);
};

const lint: Task = (args) => run('biome', 'check', '--error-on-warnings', ...args);

const typecheck: Task = async () => {
  await run('tsc', '--noEmit');
  // The core once more without Node's types, so that it cannot use a global that browsers lack.
  await run('tsc', '--noEmit', '--emitDeclarationOnly', 'false', '-p', 'packages/core/tsconfig.build.json');
};

const checkLayers: Task = async () => {
  const violations = await checkBoundaries(repositoryRoot);
  report(
    'boundaries',
    violations.map(({ rule, from, to }) => `${rule}: ${from} → ${to}`),
  );
};

const lockfile: Task = async () => {
  report('lockfile', checkLockfile(repositoryRoot));
};

const packs: Task = async () => {
  await build([]);
  report('packs', await checkPacks());
};

const demo: Task = async (args) => {
  await build([]);
  await run(process.execPath, 'examples/resumable-image/demo.ts', ...args);
};

/** Runs every bench, or those whose path in the repository contains the argument. They print ratios, which is what counts on a shared machine. */
const bench: Task = async ([wanted = '', ...args]) => {
  await build([]);
  const isWanted = (path: string) => relative(repositoryRoot, path).includes(wanted);
  for (const path of benchFiles().filter(isWanted)) {
    console.log(`\n# ${path}`);
    await run(process.execPath, '--conditions=@buildstate/source', path, ...args);
  }
};

/** Writes the pages of `docs/reference`, each by the package that it is made from. */
const docs: Task = async () => {
  for (const path of referenceScripts()) {
    await run(process.execPath, '--conditions=@buildstate/source', path);
  }
};

/** A script of the server's tests that is run by hand, because it takes minutes. */
const longTest =
  (path: string): Task =>
  async (args) => {
    await run(process.execPath, '--conditions=@buildstate/source', path, ...args);
  };

/** A long form of a suite, by its name; the short forms are among the usual tests. */
const soak: Task = async ([name = '', ...args]) => {
  const path = soakFiles().get(name);
  if (path === undefined) {
    console.error(`There is no soak "${name}". There are: ${[...soakFiles().keys()].join(', ')}.`);
    throw new CommandFailedError('soak', 1);
  }
  await build([]);
  await run(process.execPath, '--conditions=@buildstate/source', path, ...args);
};

const check: Task = async () => {
  await lint([]);
  await typecheck([]);
  await checkLayers([]);
  await lockfile([]);
  await packs([]);
};

const release: Task = async (args) => {
  await check([]);
  for (const entry of publicPackages()) stagePackage(entry);
  await run('changeset', 'publish', ...args);
};

/** Adds up what `.ci/run` noted; its last line is all that a reader in a hurry needs. */
const addUp: Task = async ([steps = '', report = '', exitCode = '1']) => {
  const { passed, failed, failures } = tally(steps, report, Number(exitCode));
  for (const failure of failures) console.log(failure);
  console.log(`${passed} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
};

/** Every task by the name that `npm run` and the bootstrap script know it by. */
export const tasks: Readonly<Record<string, Task>> = {
  build,
  test,
  lint,
  typecheck,
  boundaries: checkLayers,
  lockfile,
  packs,
  demo,
  bench,
  docs,
  fuzz: longTest('packages/server/test/fuzz/long.ts'),
  soak,
  check,
  release,
  tally: addUp,
};
