import type { Artifact } from '../artifact/artifact.ts';
import type { Attempt } from '../build/attempt.ts';
import type { Build, JsonObject, JsonValue } from '../build/build.ts';
import type { PendingEvent } from '../event/event.ts';
import type { BuildJob } from '../job/build-job.ts';
import type { Lease } from '../lease/lease.ts';
import type { ResumeRequest } from '../resume/resume-request.ts';
import { isActorName } from './actor-id.ts';

/** Gives the id that stands for a name. Called with each name that a record holds. */
export type IdOfName = (name: string) => string;

/** Fields that name who acts, wherever they stand in what events and answers say. */
const naming: ReadonlySet<string> = new Set([
  ...['reported_by', 'promoted_by', 'created_by', 'requested_by', 'triggered_by', 'holder', 'actor_id'],
  ...['reportedBy', 'promotedBy', 'createdBy', 'requestedBy', 'triggeredBy', 'actorId'],
]);

/** A record in whose field an id stands for the name; the same record where there is no name. */
function inField<R, F extends keyof R>(record: R, field: F, idOf: IdOfName): R {
  const name = record[field];
  return typeof name === 'string' && isActorName(name) ? { ...record, [field]: idOf(name) } : record;
}

/** The account that runs a process: the same actor as the `user@host` of reports from there. */
export function accountName(user: string, host: string): string {
  return `${user}@${host}`;
}

/**
 * What a store keeps of each record: ids of actors in the place of names. Given back as they are where they hold no
 * name, so that records that did not change are the same objects.
 */
export const opaqueRecords = {
  /** A build's own record. */
  build: (build: Build, idOf: IdOfName): Build => inField(build, 'createdBy', idOf),
  /** An attempt. */
  attempt: (attempt: Attempt, idOf: IdOfName): Attempt => inField(attempt, 'reportedBy', idOf),
  /** An artifact. */
  artifact: (artifact: Artifact, idOf: IdOfName): Artifact => inField(artifact, 'promotedBy', idOf),
  /** A resume request. */
  resumeRequest: (request: ResumeRequest, idOf: IdOfName): ResumeRequest =>
    inField(request, 'requestedBy', idOf),
  /** A job of a CI system. */
  job: (job: BuildJob, idOf: IdOfName): BuildJob => inField(job, 'triggeredBy', idOf),
  /** A lease: its holder, and the account that runs the process. */
  lease(lease: Lease, idOf: IdOfName): Lease {
    const { identity } = lease;
    const user = identity?.user;
    const held = inField(lease, 'holder', idOf);
    if (identity == null || !isActorName(user)) return held;
    return { ...held, identity: { ...identity, user: idOf(accountName(user, identity.host)) } };
  },
  /** An event before it has its place in the chain. */
  event(event: PendingEvent, idOf: IdOfName): PendingEvent {
    const data = opaqueJson(event.data, idOf) as JsonObject;
    return inField(data === event.data ? event : { ...event, data }, 'actorId', idOf);
  },
} as const;

/** JSON with ids in the place of names; the same object where it holds none. */
export function opaqueJson(value: JsonValue, idOf: IdOfName): JsonValue {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items = value.map((item: JsonValue) => opaqueJson(item, idOf));
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  let changed: Record<string, JsonValue> | undefined;
  for (const [name, before] of Object.entries(value as JsonObject)) {
    const after = opaqueMember(value as JsonObject, name, before, idOf);
    if (after === before) continue;
    changed ??= { ...(value as JsonObject) };
    changed[name] = after;
  }
  return changed ?? value;
}

function opaqueMember(owner: JsonObject, name: string, value: JsonValue, idOf: IdOfName): JsonValue {
  if (typeof value !== 'string') return opaqueJson(value, idOf);
  if (naming.has(name)) return isActorName(value) ? idOf(value) : value;
  const { host } = owner;
  const isAccount = name === 'user' && typeof host === 'string' && isActorName(value);
  return isAccount ? idOf(accountName(value, host)) : value;
}
