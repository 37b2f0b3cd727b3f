import type { OperationName } from '../wire/routes.ts';

/** Operations whose answer a build remembers in the same change as their effect: their handlers use `Engine.once`. */
export const rememberedByBuilds: ReadonlySet<OperationName> = new Set<OperationName>([
  'createBuild',
  'updateBuild',
  'recordState',
  'recordFailure',
  'rejectReport',
  'retryBuild',
  'rollbackBuild',
  'cancelBuild',
  'acquireLease',
  'registerArtifact',
  'updateArtifact',
  'verifyArtifact',
  'promoteArtifact',
  'pinArtifact',
  'setVariable',
  'updateVariable',
  'requestResume',
  'updateResumeRequest',
  'linkJob',
  'updateJob',
]);

/** Operations whose answer holds a secret, which is kept sealed. */
export const secretAnswers: ReadonlySet<OperationName> = new Set<OperationName>(['createToken']);
