import { NotFoundError } from '../errors/not-found-error.ts';
import { nearestNames } from '../text/nearest-names.ts';
import type { Build } from './build.ts';
import { isStateCode, lastState, type StateCode } from './state-code.ts';

/** What the default catalogue says of a state. */
type DefaultEntry = readonly [code: number, name: string, displayName: string, aliases?: readonly string[]];

const defaults: readonly DefaultEntry[] = [
  [0, 'initial', 'Initial'],
  [5, 'kickstart', 'Kickstart'],
  [10, 'base-image-created', 'Base image created'],
  [15, 'base-config', 'Base configuration'],
  [20, 'package-repositories', 'Package repositories'],
  [25, 'security-baseline', 'Security baseline', ['package-installation']],
  [30, 'base-os-complete', 'Base OS complete'],
  [35, 'runtime-prerequisites', 'Runtime prerequisites'],
  [40, 'network-config', 'Network configuration'],
  [45, 'storage-config', 'Storage configuration'],
  [50, 'application-runtimes', 'Application runtimes'],
  [55, 'application-install', 'Application installation'],
  [60, 'application-config', 'Application configuration'],
  [65, 'monitoring-agents', 'Monitoring agents'],
  [70, 'integration-testing', 'Integration testing'],
  [75, 'validation-complete', 'Validation complete'],
  [80, 'security-scan', 'Security scan'],
  [85, 'image-optimisation', 'Image optimisation'],
  [90, 'release-approval', 'Release approval'],
  [95, 'publish', 'Publish'],
  [100, 'delivered', 'Delivered'],
];

/** The catalogue that a new project starts with. `newId` makes the entries' ids. */
export function defaultCatalogue(newId: () => string, createdAt: string): StateCode[] {
  return defaults.map(([stateCode, name, displayName, aliases = []]) => ({
    id: newId(),
    stateCode,
    name,
    aliases,
    displayName,
    description: null,
    prerequisites: [],
    expectedDurationSeconds: null,
    isInitial: stateCode === 0,
    isFinal: stateCode === lastState,
    isError: false,
    deprecatedAt: null,
    createdAt,
  }));
}

/** The entries by code. Catalogues are replaced, never changed, and each is asked many times. */
const byCode = new WeakMap<readonly StateCode[], ReadonlyMap<number, StateCode>>();

/** The entry of a code, if the catalogue has one. */
export function entryOf(catalogue: readonly StateCode[], state: number): StateCode | undefined {
  let entries = byCode.get(catalogue);
  if (entries === undefined) {
    entries = new Map(catalogue.map((entry) => [entry.stateCode, entry]));
    byCode.set(catalogue, entries);
  }
  return entries.get(state);
}

/** What scripts call a state: its name, or `state-N` for a code that is not in the catalogue. */
export function stateName(catalogue: readonly StateCode[], state: number): string {
  return entryOf(catalogue, state)?.name ?? `state-${state}`;
}

/** What people read: the display name, or `state-N`. */
export function stateDisplayName(catalogue: readonly StateCode[], state: number): string {
  return entryOf(catalogue, state)?.displayName ?? `state-${state}`;
}

/** The final state's code by catalogue. */
const finals = new WeakMap<readonly StateCode[], number>();

/** The code whose completion completes a build: the one marked final, else 100. */
export function finalState(catalogue: readonly StateCode[]): number {
  let final = finals.get(catalogue);
  if (final === undefined) {
    final = catalogue.find((entry) => entry.isFinal)?.stateCode ?? lastState;
    finals.set(catalogue, final);
  }
  return final;
}

/** The code whose completion completes a build: a branch ends where its parent waits for it. */
export function lastStateOf(
  { branchUntil }: Pick<Build, 'branchUntil'>,
  catalogue: readonly StateCode[],
): number {
  return branchUntil ?? finalState(catalogue);
}

/** The next code of the catalogue after `state`, deprecated ones left out, or `undefined` after the last. */
export function nextState(catalogue: readonly StateCode[], state: number): number | undefined {
  const later = catalogue.filter((entry) => entry.stateCode > state && entry.deprecatedAt === null);
  return later.length === 0 ? undefined : Math.min(...later.map((entry) => entry.stateCode));
}

/** A name as names are compared: without case, and with hyphens for underscores. */
export function comparableName(name: string): string {
  return name.trim().toLowerCase().replaceAll('_', '-');
}

/** The names that an entry goes by, as names are compared. */
export function namesOf({ name, aliases }: StateCode): string[] {
  return [name, ...aliases].map(comparableName);
}

/** The code that `state-N`, or a number's text, means whatever the catalogue says; `undefined` for other names. */
export function codeInName(name: string): number | undefined {
  const code = Number(/^(?:state-)?(\d{1,3})$/.exec(comparableName(name))?.[1] ?? Number.NaN);
  return isStateCode(code) ? code : undefined;
}

/**
 * The code that a name, an alias, `state-N` or a number's text stands for.
 * @throws NotFoundError with the nearest names
 */
export function resolveStateName(catalogue: readonly StateCode[], name: string): number {
  const wanted = comparableName(name);
  const found = codeInName(name) ?? catalogue.find((entry) => namesOf(entry).includes(wanted))?.stateCode;
  if (found !== undefined) return found;
  const names = catalogue.flatMap((candidate) => [candidate.name, ...candidate.aliases]);
  const nearest = nearestNames(wanted, names);
  throw new NotFoundError(
    `No state is called "${name}". ${nearest.length > 0 ? `Did you mean ${nearest.join(' or ')}? ` : ''}` +
      'List the names with `bldst state-code list`.',
    { context: { state_name: name, nearest } },
  );
}
