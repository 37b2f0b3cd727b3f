import type { BuildDetails } from '@buildstate/client';
import { buildArgument } from '../../base/args.ts';
import { TrackerCommand } from '../../base/tracker-command.ts';
import { exitCodes } from '../../errors/exit-codes.ts';
import type { Style } from '../../output/style.ts';
import { resumeStateOf } from '../../values/resume-state.ts';
import { buildLine, buildVariables, paintStatus } from '../../views/build.ts';

/** Who is at work on a build now, or `undefined` when nobody is. */
function workerOf({ lease, openAttempt }: BuildDetails): string | undefined {
  if (lease !== null) return lease.holder;
  return openAttempt === null ? undefined : (openAttempt.reportedBy ?? 'somebody');
}

function checkText(build: BuildDetails, resumeState: number | undefined, style: Style): string {
  const worker = workerOf(build);
  return [
    paintStatus(style, build.status, buildLine(build)),
    ...(worker === undefined ? [] : [`In progress: ${worker}`]),
    ...(resumeState === undefined ? [] : [`RESUME_STATE=${resumeState}`]),
  ].join('\n');
}

/** `bldst build check` */
export default class BuildCheck extends TrackerCommand {
  static override summary =
    'Say by the exit code whether a build is completed, in progress, or to be resumed.';
  static override description = [
    'Exit codes: 0 the build is completed. 4 it is in progress elsewhere. 1 it is neither, and the output says with RESUME_STATE where it goes on.',
    'A build that was given up (cancelled) ends with 1 as well, without RESUME_STATE.',
  ].join('\n');
  static override args = { build: buildArgument };
  static override examples = [
    {
      description: 'Go on only where there is something to do',
      command: '<%= config.bin %> build check linux:42 || <%= config.bin %> build resume-context linux:42',
    },
    {
      description: 'The state to go on with, in a script',
      command: 'eval "$(<%= config.bin %> build check linux:42 -o env)"',
    },
  ];

  async run(): Promise<void> {
    const { args } = await this.parse(BuildCheck);
    const reference = this.build(args.build);
    const client = await this.client();
    const build = await client.builds.get(reference);
    const busy = workerOf(build) !== undefined;
    const resumeState = busy ? undefined : await resumeStateOf(client, build);
    this.exitCode = exitCode(build, busy);
    await this.show({
      body: { ...build, resumeFromState: resumeState ?? null },
      ids: () => [build.id],
      text: (style) => checkText(build, resumeState, style),
      variables: () => buildVariables(build, resumeState),
    });
  }
}

function exitCode({ status }: BuildDetails, busy: boolean): number {
  if (status === 'completed') return exitCodes.done.code;
  return busy ? exitCodes.conflict.code : exitCodes.failed.code;
}
