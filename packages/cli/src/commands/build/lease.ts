import { hostname } from 'node:os';
import type { AcquireOptions } from '@buildstate/client';
import * as Flags from '@oclif/core/flags';
import { buildArgument } from '../../base/args.ts';
import { TrackerCommand } from '../../base/tracker-command.ts';
import { runChild } from '../../child/run-child.ts';
import { passThroughOffset } from '../../errors/exit-codes.ts';
import { UsageError } from '../../errors/usage-error.ts';
import { durationSeconds } from '../../values/duration.ts';
import { present } from '../../values/present.ts';
import { leaseView } from '../../views/lease.ts';

/** `bldst build lease` */
export default class BuildLease extends TrackerCommand {
  static override summary = 'Hold the right to advance a build, while a command runs or by hand.';
  static override description = [
    'With a command after --, the lease is acquired, renewed while the command runs, and released when it ends. The command gets BLDST_BUILD_ID and BLDST_LEASE_TOKEN, so that the reports it makes with bldst count. If the lease is lost, the command is ended. The exit code is the command’s; own errors are 120 and the usual code, so 124 says that somebody else holds the build.',
    'Without a command the lease is acquired and its token shown: renew it within its time to live with --renew, and give it up with --release.',
  ].join('\n');
  static override usage = [
    'build lease [BUILD] [--ttl TIME] [--holder NAME] -- COMMAND...',
    'build lease [BUILD] [--renew | --release] [--token N]',
  ];
  static override args = { build: buildArgument };
  static override flags = {
    ttl: Flags.string({ summary: 'How long it lives without renewal. Default: 60s.', helpValue: 'TIME' }),
    holder: Flags.string({
      summary: 'Who holds it, in words. Default: the CI job, else user@host.',
      helpValue: 'NAME',
    }),
    renew: Flags.boolean({ summary: 'Renew the lease once.', exclusive: ['release'] }),
    release: Flags.boolean({ summary: 'Give the lease up.', exclusive: ['renew'] }),
    token: Flags.integer({
      aliases: ['lease-token'],
      summary:
        'The token of the lease to renew or release. Default: BLDST_LEASE_TOKEN, for the build BLDST_BUILD_ID.',
      helpValue: 'N',
      min: 1,
    }),
  };
  static override examples = [
    {
      description: 'Nobody else may touch the build while this runs',
      command: '<%= config.bin %> build lease linux:42 -- ./nightly.sh --fast',
    },
    {
      description: 'By hand, in a script',
      command: 'eval "$(<%= config.bin %> build lease linux:42 --ttl 10m -o env)"',
    },
    {
      description: 'Give it up again',
      command: '<%= config.bin %> build lease linux:42 --release --token "$BLDST_LEASE_TOKEN"',
    },
  ];
  #command: readonly string[] = [];

  override exitCodeFor(error: unknown): number {
    const code = super.exitCodeFor(error);
    return this.#command.length === 0 ? code : passThroughOffset + code;
  }

  async run(): Promise<void> {
    const split = this.argv.indexOf('--');
    this.#command = split === -1 ? [] : this.argv.slice(split + 1);
    const { args, flags } = await this.parse(
      BuildLease,
      split === -1 ? this.argv : this.argv.slice(0, split),
    );
    const build = this.build(args.build);
    const options = present({
      holder: flags.holder,
      ttlSeconds: flags.ttl === undefined ? undefined : durationSeconds('ttl', flags.ttl),
    });
    if (flags.renew || flags.release) {
      await this.#change(build, flags.token, flags.release);
      return;
    }
    if (split === -1) await this.#take(build, options);
    else await this.#runUnder(build, options);
  }

  async #change(build: string, flag: number | undefined, release: boolean): Promise<void> {
    if (this.#command.length > 0) throw new UsageError('--renew and --release take no command.');
    const token = await this.leaseToken(build, flag);
    if (token === undefined) throw new UsageError('Which lease? Give its token with --token.');
    const client = await this.client();
    if (release) {
      await client.leases.release(build, token);
      await this.note('Released.');
    } else {
      await this.show(leaseView(await client.leases.renew(build, token)));
    }
  }

  async #take(build: string, options: AcquireOptions): Promise<void> {
    const client = await this.client();
    // This process ends at once, so it must not be the one whose end frees the lease.
    const identity = { host: hostname() };
    await this.show(leaseView(await client.leases.take(build, { ...options, identity })));
  }

  async #runUnder(build: string, options: AcquireOptions): Promise<void> {
    if (this.#command.length === 0) throw new UsageError('Give a command after --.');
    const { env, cwd } = this.session;
    const client = await this.client();
    await using lease = await client.leases.acquire(build, options);
    this.exitCode = await runChild({
      argv: this.#command,
      cwd,
      env: { ...env, BLDST_BUILD_ID: lease.buildId, BLDST_LEASE_TOKEN: String(lease.token) },
      signal: lease.signal,
    });
    // The command was ended because somebody else may be at work by now: that is the news, not its exit code.
    lease.signal.throwIfAborted();
  }
}
