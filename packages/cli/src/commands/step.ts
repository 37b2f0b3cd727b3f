import type { StepRequest, StepResult } from '@buildstate/client/step';
import type { Environment } from '@buildstate/node-runtime';
import * as Flags from '@oclif/core/flags';
import { buildArgument } from '../base/args.ts';
import { TrackerCommand } from '../base/tracker-command.ts';
import { leaseOfSurroundings } from '../connect/lease-of-surroundings.ts';
import { passThroughOffset } from '../errors/exit-codes.ts';
import { UsageError } from '../errors/usage-error.ts';
import type { ProgressForm } from '../output/progress-meter.ts';
import { namedFile, nameWithFile } from '../step/assignments.ts';
import { stepFlags } from '../step/flags.ts';
import { surroundings } from '../step/surroundings.ts';
import { durationSeconds } from '../values/duration.ts';
import { stateChoice } from '../values/state.ts';
import { stepView } from '../views/step.ts';

/** The lease that a surrounding command holds for the scripts that it runs. */
function leaseAround(env: Environment): StepRequest['within'] {
  const { build: buildId, token } = leaseOfSurroundings(env) ?? {};
  return token === undefined || buildId === undefined ? undefined : { buildId, token };
}

/** `bldst step` */
export default class Step extends TrackerCommand {
  static override summary = 'Make a command a resumable step of a build.';
  static override description = [
    'Nothing is run when the state is completed with the same inputs: input files, needed artifacts, command line and variables. Otherwise the step holds the lease of the build, fetches and verifies what it needs, runs the command, stores what it makes, and records how it went.',
    'The command gets BLDST_BUILD_ID, BLDST_STATE, BLDST_ATTEMPT, a BLDST_ARTIFACT_NAME for each need and a BLDST_VAR_KEY for each variable. Lines key=value that it writes to the file BLDST_OUTPUT become variables of the build.',
    'Its exit code is passed through; own errors are 120 and the usual code, so 124 says that somebody else runs the build. Stop signals go to the command; the attempt is recorded as abandoned, and the same line continues it. While the tracker is away, reports are kept on disk and delivered later.',
  ].join('\n');
  static override usage = ['step [BUILD] --state N|NAME [FLAGS] -- COMMAND...'];
  static override args = { build: buildArgument };
  static override flags = {
    state: Flags.string({
      summary: 'The state that the command completes.',
      helpValue: 'N|NAME',
      required: true,
    }),
    produces: Flags.string({
      summary: 'A file that it makes, and the name under which it is stored.',
      helpValue: 'NAME=FILE',
      multiple: true,
      multipleNonGreedy: true,
    }),
    needs: Flags.string({
      summary: 'An artifact that it needs. Without a file it is restored to where it was made.',
      helpValue: 'NAME[=FILE]',
      multiple: true,
      multipleNonGreedy: true,
    }),
    inputs: Flags.string({
      summary: 'Files that it is made from; a change of them runs it again.',
      helpValue: 'GLOB',
      multiple: true,
    }),
    variables: Flags.string({
      summary: "Keys of the build's variables whose change runs it again.",
      helpValue: 'KEY',
      multiple: true,
      multipleNonGreedy: true,
    }),
    secret: Flags.string({
      summary: 'An environment variable whose value is hidden in all output.',
      helpValue: 'NAME',
      multiple: true,
      multipleNonGreedy: true,
    }),
    to: Flags.string({
      summary: "Where to store what it makes. Default: the project's place.",
      helpValue: 'URI',
    }),
    retry: Flags.boolean({ summary: 'Try again after a failure, as the retry policy says.' }),
    timeout: Flags.string({ summary: 'How long the command may take.', helpValue: 'TIME' }),
    force: Flags.boolean({ summary: 'Replace files at the places of needed artifacts.' }),
    ...stepFlags,
  };
  static override examples = [
    {
      description: 'Build a base image once; run the line as often as you like',
      command:
        '<%= config.bin %> step linux:42 --state 10 --inputs base.pkr.hcl --produces base-image=output/base.qcow2 -- packer build base.pkr.hcl',
    },
    {
      description: 'On another machine: fetch it, verify it, go on',
      command:
        '<%= config.bin %> step linux:42 --state security-baseline --needs base-image --retry --timeout 45m -- ansible-playbook harden.yml',
    },
  ];
  protected override readonly movesBytes = true;

  override exitCodeFor(error: unknown): number {
    return passThroughOffset + super.exitCodeFor(error);
  }

  async run(): Promise<void> {
    const split = this.argv.indexOf('--');
    const argv = split === -1 ? [] : this.argv.slice(split + 1);
    const { args, flags } = await this.parse(Step, split === -1 ? this.argv : this.argv.slice(0, split));
    if (argv.length === 0) throw new UsageError('Which command? Give it after --, such as: -- make image.');
    const seconds = (name: 'timeout' | 'wait' | 'ttl') =>
      flags[name] === undefined ? undefined : durationSeconds(name, flags[name]);
    const state = stateChoice(flags.state);
    const request: StepRequest = {
      build: this.build(args.build),
      state: 'state' in state ? state.state : state.stateName,
      argv,
      produces: (flags.produces ?? []).map((text) => namedFile('produces', text)),
      needs: (flags.needs ?? []).map((text) => nameWithFile('needs', text)),
      inputs: flags.inputs ?? [],
      variables: flags.variables ?? [],
      retry: flags.retry,
      timeoutSeconds: seconds('timeout'),
      waitSeconds: seconds('wait'),
      ttlSeconds: seconds('ttl'),
      place: flags.to,
      within: leaseAround(this.session.env),
    };
    await this.#finish(await this.#perform(request, flags), request);
  }

  async #perform(
    request: StepRequest,
    flags: {
      readonly progress: string;
      readonly secret?: readonly string[];
      readonly strict: boolean;
      readonly force: boolean;
    },
  ): Promise<StepResult> {
    const { runStep, ProcessInterrupts } = await import('@buildstate/client/step');
    using interrupts = new ProcessInterrupts();
    const around = await surroundings(this.session, {
      client: await this.client(),
      interrupts,
      format: this.format ?? 'table',
      progress: flags.progress as ProgressForm,
      secrets: flags.secret ?? [],
      strict: flags.strict,
      force: flags.force,
    });
    return await runStep(around, request);
  }

  async #finish(result: StepResult, request: StepRequest): Promise<void> {
    await this.show(stepView(result, request));
    if (result.outcome === 'skipped') {
      await this.note(`State ${request.state} ${result.reason}; nothing was run.`);
    }
    if (result.outcome === 'failed' && result.error !== undefined) throw result.error;
    this.exitCode = result.exitCode ?? passThroughOffset + 1;
  }
}
