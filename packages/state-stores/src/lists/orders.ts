import type {
  ActorRecord,
  Artifact,
  Attempt,
  Build,
  BuildEvent,
  BuildJob,
  Duty,
  ResumeRequest,
} from '@buildstate/core';
import type { Order } from '@buildstate/core/light';

interface Aged {
  readonly createdAt: string;
  readonly id: string;
}

const byAge = {
  shape: ['string', 'string'],
  key: ({ createdAt, id }: Aged) => [createdAt, id],
} as const;

/** Ids of builds, ascending. */
export const idOrder: Order<string> = { shape: ['string'], key: (id) => [id] };
/** Actors by id. */
export const actorOrder: Order<ActorRecord> = { shape: ['string'], key: ({ id }) => [id] };
/** Duties by name. */
export const dutyOrder: Order<Duty> = { shape: ['string'], key: ({ name }) => [name] };
/** Builds, newest first. */
export const buildOrder: Order<Build> = { ...byAge, descending: true };
/** Attempts, oldest first. */
export const attemptOrder: Order<Attempt> = byAge;
/** Jobs, oldest first. */
export const jobOrder: Order<BuildJob> = byAge;
/** Resume requests, newest first. */
export const requestOrder: Order<ResumeRequest> = { ...byAge, descending: true };
/** Artifacts by state, then by age. */
export const artifactOrder: Order<Artifact> = {
  shape: ['number', 'string', 'string'],
  key: ({ stateCode, createdAt, id }) => [stateCode, createdAt, id],
};
/** Events, oldest first. */
export const eventOrder: Order<BuildEvent> = { shape: ['number'], key: ({ seq }) => [seq] };
/** API keys, oldest first. */
export const tokenOrder: Order<Aged> = byAge;
/** Projects and reference data by name. */
export const nameOrder: Order<{ readonly name: string }> = { shape: ['string'], key: ({ name }) => [name] };
/** Variables by key; a deleted one may have the key of a live one. */
export const variableOrder: Order<{ readonly variableKey: string; readonly id: string }> = {
  shape: ['string', 'string'],
  key: ({ variableKey, id }) => [variableKey, id],
};
