import { expect, test } from 'vitest';
import { withServer } from '../../support/server.ts';

const { cli, build, project } = withServer();

test('shows how often states fail, and of what kind', async () => {
  const id = await build();
  await cli(['build', 'add-state', id, '--state', '5']);
  await cli(['build', 'fail', id, '--state', '10', '--error', 'Syntax error', '--not-retryable']);
  const { stdout } = await cli(['trend', 'failures', '--project', project, '--bucket', 'week']);
  expect(stdout).toMatch(/^Failures: +1$/m);
  expect(stdout).toMatch(/^Of attempts: +50%$/m);
  expect(stdout).toMatch(/^Categories: +persistent 1$/m);
  expect(stdout).toMatch(/10 base-image-created +1 +100% +\[#{20}\]$/m);
  const other = await cli(['trend', 'failures', '--project', project, '--component', 'nobody']);
  expect(other.stdout).toBe('No failures in the last 30d.\n');
});
