import type { ActorRecord, ApiToken, Project, Reference, ReferenceKind, WholeBuild } from '@buildstate/core';

/** One thing that a store keeps, whole: what archives hold, and what is copied from store to store. */
export type StoreRecord =
  | { readonly type: 'project'; readonly project: Project }
  | { readonly type: 'reference'; readonly kind: ReferenceKind; readonly reference: Reference }
  | { readonly type: 'token'; readonly token: ApiToken }
  | { readonly type: 'actor'; readonly actor: ActorRecord }
  | { readonly type: 'build'; readonly build: WholeBuild };

/** How many there are of each. */
export interface RecordCounts {
  /** Projects, deactivated ones included. */
  readonly projects: number;
  /** Entries of reference data of all kinds, deactivated ones included. */
  readonly references: number;
  /** API keys, revoked ones included. */
  readonly tokens: number;
  /** Those who act, erased ones included. */
  readonly actors: number;
  /** Builds, deleted ones included. */
  readonly builds: number;
  /** Attempts of all builds. */
  readonly attempts: number;
  /** Artifacts of all builds; superseded and deleted ones included. */
  readonly artifacts: number;
  /** Events of all builds. */
  readonly events: number;
}

/** Nothing yet. */
export const noRecords: RecordCounts = {
  projects: 0,
  references: 0,
  tokens: 0,
  actors: 0,
  builds: 0,
  attempts: 0,
  artifacts: 0,
  events: 0,
};

/** The counts with one more record. */
export function counting(counts: RecordCounts, record: StoreRecord): RecordCounts {
  switch (record.type) {
    case 'project':
      return { ...counts, projects: counts.projects + 1 };
    case 'reference':
      return { ...counts, references: counts.references + 1 };
    case 'token':
      return { ...counts, tokens: counts.tokens + 1 };
    case 'actor':
      return { ...counts, actors: counts.actors + 1 };
    case 'build': {
      const { attempts, artifacts, events } = record.build;
      return {
        ...counts,
        builds: counts.builds + 1,
        attempts: counts.attempts + attempts.length,
        artifacts: counts.artifacts + artifacts.length,
        events: counts.events + events.length,
      };
    }
  }
}

/** A record as messages name it. */
export function nameOf(record: StoreRecord): string {
  switch (record.type) {
    case 'project':
      return `project ${record.project.name}`;
    case 'reference':
      return `${record.kind} ${record.reference.name}`;
    case 'token':
      return `API key ${record.token.id}`;
    case 'actor':
      return `actor ${record.actor.id}`;
    case 'build': {
      const { id, project, buildNumber } = record.build.head.build;
      return `build ${project}:${buildNumber} (${id})`;
    }
  }
}
