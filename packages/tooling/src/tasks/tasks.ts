import { checkBoundaries } from '../boundaries/check.ts';
import { checkLockfile } from '../checks/lockfile.ts';
import { checkPacks } from '../checks/packs.ts';
import { repositoryRoot } from '../repository.ts';
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

const check: Task = async () => {
  await lint([]);
  await typecheck([]);
  await checkLayers([]);
  await lockfile([]);
  await packs([]);
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
  check,
};
