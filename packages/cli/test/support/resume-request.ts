import { type ServerCli, succeeded } from './server.ts';

/** Makes a failed build and asks that it goes on. Gives the ids of both. */
export async function requestedBuild({ cli, build }: ServerCli): Promise<{ build: string; request: string }> {
  const id = await build();
  await cli(['build', 'add-state', id, '--state', '30']);
  await cli(['build', 'fail', id, '--state', '35', '--error', 'x']);
  const { stdout } = succeeded(await cli(['build', 'resume', id, '--reason', 'Mirror is back', '-o', 'id']));
  return { build: id, request: stdout.trim() };
}
