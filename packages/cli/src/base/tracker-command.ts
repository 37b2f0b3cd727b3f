import type { BuildStateClient } from '@buildstate/client';
import type { Interfaces } from '@oclif/core';
import { resolveBuild } from '../connect/build-reference.ts';
import { connect } from '../connect/connect.ts';
import { isLeaseFor, leaseOfSurroundings } from '../connect/lease-of-surroundings.ts';
import { outputFlags, trackerFlags } from './flags.ts';
import { OutputCommand } from './output-command.ts';

/** A command that speaks to a tracker: a server, or a store that is opened in this process. */
export abstract class TrackerCommand extends OutputCommand {
  static override baseFlags: Interfaces.FlagInput = { ...outputFlags, ...trackerFlags };

  /** Whether the command moves artifact bytes, for which more has to be loaded. */
  protected readonly movesBytes: boolean = false;
  /** The folder whose configuration may name the tracker. @default the working folder */
  protected folder: string | undefined;
  #client: Promise<BuildStateClient> | undefined;

  /**
   * The tracker that the flags, the environment or the configuration name. Opened when first asked for, closed
   * when the command ends.
   * @throws UnreachableError, UnauthenticatedError, UsageError
   */
  protected client(): Promise<BuildStateClient> {
    const session = { ...this.session, cwd: this.folder ?? this.session.cwd };
    this.#client ??= connect(session, {
      tracker: this.shared.tracker,
      trust: this.shared.trust === true,
      movesBytes: this.movesBytes,
    });
    return this.#client;
  }

  /**
   * The build that the command is about: the argument, else what the environment or the nearest `.bldst-build`
   * file names.
   * @throws UsageError when none does
   */
  protected build(argument: string | undefined): string {
    this.subject = resolveBuild(argument, this.session);
    return this.subject;
  }

  /**
   * The fencing token for what is told of a build: the flag's, else that of the lease which the command runs under,
   * if that lease is for the same build.
   * @throws UsageError when the environment's token is none
   */
  protected async leaseToken(build: string, flag: number | undefined): Promise<number | undefined> {
    if (flag !== undefined) return flag;
    const lease = leaseOfSurroundings(this.session.env);
    if (lease === undefined) return undefined;
    return (await isLeaseFor(lease, build, () => this.client())) ? lease.token : undefined;
  }

  protected override async finally(error: Error | undefined): Promise<void> {
    await super.finally(error);
    // A client that could not be opened has said so where it was asked for.
    const client = await this.#client?.catch(() => undefined);
    await client?.close();
  }
}
