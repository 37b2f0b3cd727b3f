import type { OperationAnswer } from '@buildstate/core';

/** An artifact's record. */
export type ArtifactRecord = OperationAnswer<'getArtifact'>;
/** The answer to a registration: the record, with warnings. */
export type RegisteredArtifact = OperationAnswer<'registerArtifact'>;
