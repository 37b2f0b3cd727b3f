import type { RunBuild, WorkerEvent, WorkerResult } from '@buildstate/client/run';
import * as Flags from '@oclif/core/flags';
import { optionalArgument } from '../base/args.ts';
import { TrackerCommand } from '../base/tracker-command.ts';
import { UsageError } from '../errors/usage-error.ts';
import { isStructured } from '../output/formats.ts';
import type { ProgressForm } from '../output/progress-meter.ts';
import { writeText } from '../output/write-text.ts';
import { buildFileOf } from '../step/build-file-of.ts';
import { stepFlags } from '../step/flags.ts';
import { surroundings } from '../step/surroundings.ts';
import { durationSeconds } from '../values/duration.ts';
import { isInRanges, stateRanges } from '../values/state-ranges.ts';
import { workerLine, workerText } from '../views/worker.ts';

/** Longest that one request for a build may wait, in seconds. */
const longestPoll = 30;

const { ttl, strict, progress } = stepFlags;

/** `bldst worker` */
export default class Worker extends TrackerCommand {
  static override summary = 'Claim builds and run them by a buildstate.yaml, until stopped.';
  static override description = [
    'Takes the build that waits longest, runs its states in the folder of the build file, hands it on and takes the next: new builds, builds that others completed up to a state of this worker, failed ones when they are due again, and those whose worker is gone. Any number of workers may share the builds of a project. With --states a worker does only those states.',
    'A build that fails does not end the worker, nor does a tracker that is away. Asked to stop (SIGTERM, SIGINT), it claims nothing more and finishes the build under way; asked again, or after --grace, it interrupts the state and hands the build back. With --json each line of standard output tells one event.',
  ].join('\n');
  static override args = {
    file: optionalArgument('The build file, or a folder with one. Default: buildstate.yaml in this folder.'),
  };
  static override flags = {
    project: Flags.string({
      char: 'p',
      summary: 'The project whose builds are claimed. Default: that of the build file.',
      helpValue: 'NAME|ID',
    }),
    states: Flags.string({
      summary: 'The states that this worker does. Default: all of the build file.',
      helpValue: '35-70,90',
    }),
    once: Flags.boolean({
      summary: 'Work on one build that waits now, if there is one, and end with its exit code.',
      exclusive: ['max-builds'],
    }),
    'max-builds': Flags.integer({ summary: 'End after so many builds.', helpValue: 'N', min: 1 }),
    poll: Flags.string({
      summary: 'How long one request waits for a build, 30s at most. Default: 20s.',
      helpValue: 'TIME',
      default: '20s',
    }),
    grace: Flags.string({
      summary: 'How long a build under way may take once the worker was asked to stop. Default: for ever.',
      helpValue: 'TIME',
    }),
    ttl,
    strict,
    progress,
  };
  static override examples = [
    { description: 'A worker for the builds of this folder’s project', command: '<%= config.bin %> worker' },
    {
      description: 'The second half of every build, on another machine',
      command: '<%= config.bin %> worker images/rhel9.yaml --states 35-70 --grace 10m',
    },
    { description: 'From cron: one build if there is one', command: '<%= config.bin %> worker --once' },
  ];
  protected override readonly movesBytes = true;
  #current: RunBuild | undefined;

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Worker);
    if (this.format === 'env' || this.format === 'id')
      throw new UsageError('A worker tells what happens in words, or with --json in lines of JSON.');
    const file = await buildFileOf('worker', args.file, this.session);
    this.folder = file.folder;
    const ranges = flags.states === undefined ? undefined : stateRanges('states', flags.states);
    if (ranges !== undefined && !file.states.some(({ code }) => isInRanges(ranges, code)))
      throw new UsageError(`The build file has none of the states ${flags.states}.`);
    const pollSeconds = durationSeconds('poll', flags.poll);
    if (pollSeconds > longestPoll) throw new UsageError(`--poll may be ${longestPoll}s at most.`);
    const result = await this.#work(flags, {
      file,
      project: flags.project,
      does: ranges && ((code: number) => isInRanges(ranges, code)),
      pollSeconds,
      ttlSeconds: flags.ttl === undefined ? undefined : durationSeconds('ttl', flags.ttl),
      maxBuilds: flags.once ? 1 : flags['max-builds'],
      noWait: flags.once,
      tell: (event: WorkerEvent) => this.#tell(event),
    });
    if (flags.once && result.builds > 0) this.exitCode = result.last?.exitCode ?? 1;
  }

  async #work(
    flags: { readonly grace?: string | undefined; readonly progress: string; readonly strict: boolean },
    request: Omit<Parameters<typeof import('@buildstate/client/run').work>[1], 'stop' | 'interrupts'>,
  ): Promise<WorkerResult> {
    const { work } = await import('@buildstate/client/run');
    const { ManualInterrupts, ProcessInterrupts } = await import('@buildstate/client/step');
    const grace = flags.grace === undefined ? undefined : durationSeconds('grace', flags.grace);
    using process = new ProcessInterrupts();
    const interrupts = new ManualInterrupts();
    const over = new AbortController();
    process.listen((signal, count) => {
      if (count > 1) return interrupts.interrupt(signal);
      this.#tell({ type: 'stopping', finishing: this.#current ?? null });
      if (grace !== undefined) this.#after(grace, over.signal, () => interrupts.interrupt(signal));
    });
    const around = await surroundings(this.session, {
      client: await this.client(),
      interrupts,
      format: this.format ?? 'table',
      progress: flags.progress as ProgressForm,
      secrets: [],
      strict: flags.strict,
      force: false,
    });
    try {
      return await work(around, { ...request, stop: process.aborted, interrupts });
    } finally {
      over.abort();
    }
  }

  #after(seconds: number, over: AbortSignal, run: () => void): void {
    const timer = setTimeout(run, seconds * 1000);
    over.addEventListener('abort', () => clearTimeout(timer), { once: true });
  }

  #tell(event: WorkerEvent): void {
    if (event.type === 'claimed') this.#current = event.build;
    if (event.type === 'ended') this.#current = undefined;
    const { stdout, stderr, now } = this.session;
    if (isStructured(this.format ?? 'table'))
      void writeText(stdout, `${workerLine(event, new Date(now()).toISOString())}\n`);
    else void writeText(stderr, `${workerText(event, this.style)}\n`);
  }
}
