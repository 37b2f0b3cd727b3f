import type { RunRequest, RunResult } from '@buildstate/client/run';
import type { Interrupts } from '@buildstate/client/step';
import * as Flags from '@oclif/core/flags';
import { optionalArgument } from '../base/args.ts';
import { TrackerCommand } from '../base/tracker-command.ts';
import { plainVerify, proofOf, verifyFlag } from '../base/verify-flag.ts';
import { passThroughOffset } from '../errors/exit-codes.ts';
import type { ProgressForm } from '../output/progress-meter.ts';
import { buildFileOf } from '../step/build-file-of.ts';
import { stepFlags } from '../step/flags.ts';
import { surroundings } from '../step/surroundings.ts';
import { durationSeconds } from '../values/duration.ts';

/** The flags that decide how commands are run. */
interface HowFlags {
  readonly progress: string;
  readonly strict: boolean;
}

/** `bldst run` */
export default class Run extends TrackerCommand {
  static override summary = 'Start or continue the whole build that a buildstate.yaml describes.';
  static override description = [
    'Completed states are skipped, what the others need is fetched and verified on whatever machine this is, and the build goes on from the state that failed or was interrupted. A state whose inputs changed runs again, and so do those after it: the build is rolled back to before it, on the record. Kill it at any moment and run it again.',
    'With --reuse, or "reuse: true" in the file, a state that makes something is completed with what an earlier build of the project has made of the same inputs, if its artifacts are still there: by reference, on whatever machine. With --verify the artifacts that it goes on from are looked for first, with --verify=deep read and hashed; those that are missing or corrupt are made again.',
    'Branches of a state run side by side, each by itself: one that fails does not stop the others, and the same line again retries only that one.',
    'The exit code is that of the command that failed; own errors are 120 and the usual code.',
  ].join('\n');
  static override args = {
    file: optionalArgument('The build file, or a folder with one. Default: buildstate.yaml in this folder.'),
  };
  static override flags = {
    from: Flags.string({
      summary: 'The first state to run, also when it is completed.',
      helpValue: 'N|NAME',
    }),
    to: Flags.string({ summary: 'The last state to run.', helpValue: 'N|NAME' }),
    new: Flags.boolean({ summary: 'Start another build, though one is unfinished.' }),
    branch: Flags.string({
      summary: 'Run only this branch of a state with branches. May be given several times.',
      helpValue: 'KEY',
      multiple: true,
    }),
    parallel: Flags.integer({
      summary: 'How many branches run at the same time. Default: what the build file says.',
      helpValue: 'N',
      min: 1,
      max: 100,
    }),
    'dry-run': Flags.boolean({
      summary: 'Show which commands would run; change nothing.',
      exclusive: ['explain'],
    }),
    explain: Flags.boolean({
      summary: 'Show state by state what would run, and why; change nothing.',
      exclusive: ['dry-run'],
    }),
    reuse: Flags.boolean({
      summary:
        'Take what earlier builds of the project have made of the same inputs, for states that make something; --no-reuse: for none, whatever the file says.',
      allowNo: true,
    }),
    // The type of a copy cannot be named in a declaration.
    verify: { ...verifyFlag, exclusive: ['explain', 'dry-run'] } as typeof verifyFlag,
    ...stepFlags,
  };
  static override examples = [
    { description: 'Start the build of this folder, or continue it', command: '<%= config.bin %> run' },
    { description: 'What would happen, and why', command: '<%= config.bin %> run --explain' },
    {
      description: 'A new build that runs only what an earlier one has not made of the same inputs',
      command: '<%= config.bin %> run --new --reuse',
    },
    {
      description: 'Read and hash every artifact before anything rests on it',
      command: '<%= config.bin %> run --verify=deep',
    },
    {
      description: 'Only as far as the hardened image',
      command: '<%= config.bin %> run images/rhel9.yaml --to security-baseline',
    },
    {
      description: 'Retry one region of those that publish side by side',
      command: '<%= config.bin %> run --branch eu-west-1',
    },
  ];
  protected override readonly movesBytes = true;

  override exitCodeFor(error: unknown): number {
    return passThroughOffset + super.exitCodeFor(error);
  }

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Run, plainVerify(this.argv));
    const file = await buildFileOf('run', args.file, this.session);
    this.folder = file.folder;
    const seconds = (name: 'wait' | 'ttl') =>
      flags[name] === undefined ? undefined : durationSeconds(name, flags[name]);
    const request: RunRequest = {
      file,
      from: flags.from,
      to: flags.to,
      isNew: flags.new,
      reuse: flags.reuse,
      verify: proofOf(flags.verify),
      branches: flags.branch,
      parallel: flags.parallel,
      waitSeconds: seconds('wait'),
      ttlSeconds: seconds('ttl'),
    };
    if (flags.explain || flags['dry-run']) await this.#explain(request, flags);
    else await this.#finish(await this.#perform(request, flags));
  }

  async #around(interrupts: Interrupts, { progress, strict }: HowFlags) {
    return surroundings(this.session, {
      client: await this.client(),
      interrupts,
      format: this.format ?? 'table',
      progress: progress as ProgressForm,
      secrets: [],
      strict,
      force: false,
    });
  }

  async #explain(request: RunRequest, flags: HowFlags & { readonly explain: boolean }): Promise<void> {
    const { commandText, explainRun } = await import('@buildstate/client/run');
    const { ManualInterrupts } = await import('@buildstate/client/step');
    const { planView } = await import('../views/run.ts');
    const explanation = await explainRun(await this.#around(new ManualInterrupts(), flags), request);
    await this.show(
      planView(explanation, { file: request.file, commandText }, flags.explain ? 'explain' : 'dry-run'),
    );
  }

  async #perform(request: RunRequest, flags: HowFlags): Promise<RunResult> {
    const { runBuild } = await import('@buildstate/client/run');
    const { ProcessInterrupts } = await import('@buildstate/client/step');
    using interrupts = new ProcessInterrupts();
    return await runBuild(await this.#around(interrupts, flags), request);
  }

  async #finish(result: RunResult): Promise<void> {
    const { runView } = await import('../views/run.ts');
    this.subject = result.build?.id;
    await this.show(runView(result));
    if (result.outcome === 'failed' && result.error !== undefined) throw result.error;
    this.exitCode = result.exitCode ?? passThroughOffset + 1;
  }
}
