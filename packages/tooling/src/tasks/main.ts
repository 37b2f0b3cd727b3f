import { CommandFailedError } from './run.ts';
import { tasks } from './tasks.ts';

const [name = '', ...args] = process.argv.slice(2);
const task = tasks[name];

if (task === undefined) {
  console.error(`There is no task "${name}". Tasks: ${Object.keys(tasks).join(', ')}.`);
  process.exitCode = 2;
} else {
  try {
    await task(args);
  } catch (error) {
    if (!(error instanceof CommandFailedError)) throw error;
    console.error(error.message);
    process.exitCode = error.exitCode;
  }
}
