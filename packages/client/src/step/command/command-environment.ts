import type { Environment } from '@buildstate/node-runtime';

/** What a command is told about its build. */
export interface CommandFacts {
  /** The build's id. */
  readonly buildId: string;
  /** State code. */
  readonly state: number;
  /** Number of the attempt; `null` when the tracker could not be asked. */
  readonly attempt: number | null;
  /** Values by key. */
  readonly variables: Readonly<Record<string, string>>;
  /** Files, or places of tracked objects, by artifact name. */
  readonly artifacts: Readonly<Record<string, string>>;
  /** The file to which it may write variables. */
  readonly outputFile: string;
  /** The tracker, so that the command's own calls of `bldst` find it. */
  readonly tracker: string;
  /** The fencing token, so that the command's own reports count; `undefined` without a lease. */
  readonly leaseToken: number | undefined;
}

/**
 * The environment variable for a name that users chose: capitals, and an underscore for everything that shells do
 * not allow. `base-image` becomes `BLDST_ARTIFACT_BASE_IMAGE`.
 */
export function environmentName(prefix: string, name: string): string {
  return prefix + name.toUpperCase().replaceAll(/[^A-Z0-9_]/g, '_');
}

function named(prefix: string, values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [environmentName(prefix, name), value]),
  );
}

/** The environment of a step's command. */
export function commandEnvironment(base: Environment, facts: CommandFacts): Environment {
  return {
    ...base,
    BLDST_TRACKER: facts.tracker,
    BLDST_BUILD_ID: facts.buildId,
    BLDST_STATE: String(facts.state),
    BLDST_ATTEMPT: facts.attempt === null ? '' : String(facts.attempt),
    BLDST_OUTPUT: facts.outputFile,
    BLDST_LEASE_TOKEN: facts.leaseToken === undefined ? undefined : String(facts.leaseToken),
    ...named('BLDST_VAR_', facts.variables),
    ...named('BLDST_ARTIFACT_', facts.artifacts),
  };
}
