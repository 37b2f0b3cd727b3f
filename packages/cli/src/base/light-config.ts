import type { Config } from '@oclif/core';
import type { Session } from '../session/session.ts';

/** Modules that are loaded when they are asked for, by name. */
export type LazyModules = Readonly<Record<string, () => Promise<{ readonly default: unknown }>>>;

/**
 * What oclif's commands ask their configuration for while they run, without the search for plug-ins and the
 * sorting of commands that oclif's own does at every start. Help, which needs all of it, loads oclif's.
 */
export interface LightConfig
  extends Pick<Config, 'bin' | 'name' | 'version' | 'userAgent' | 'topicSeparator'> {
  /** What surrounds the command. */
  readonly session: Session;
  /** All commands, for the one that writes about them. */
  readonly loaders: LazyModules;
  /** There are no hooks. */
  runHook(): Promise<{ readonly successes: readonly never[]; readonly failures: readonly never[] }>;
  /** oclif removes variables of its updater from the environment; there is no updater. */
  scopedEnvVarKeys(): string[];
  /** oclif's settings by environment variables, of which there are none. */
  scopedEnvVar(): undefined;
}

/** The line that `--version` prints. */
export function userAgent(version: string): string {
  return `bldst/${version} ${process.platform}-${process.arch} node-${process.version}`;
}

/** The configuration of a command that runs in a session. */
export function lightConfig(session: Session, loaders: LazyModules): Config & LightConfig {
  const config: LightConfig = {
    bin: 'bldst',
    name: 'bldst',
    version: session.version,
    userAgent: userAgent(session.version),
    topicSeparator: ' ',
    session,
    loaders,
    runHook: async () => ({ successes: [], failures: [] }),
    scopedEnvVarKeys: () => [],
    scopedEnvVar: () => undefined,
  };
  return config as unknown as Config & LightConfig;
}
