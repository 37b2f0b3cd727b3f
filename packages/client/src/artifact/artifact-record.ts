import type { OperationAnswer } from '@buildstate/core';

/** An artifact's record. */
export type ArtifactRecord = OperationAnswer<'getArtifact'>;
/** An artifact that was found over all builds, with its build's number and project. */
export type FoundArtifact = OperationAnswer<'searchArtifacts'>[number];
/** What an artifact was made from, and what was made from it. */
export type Lineage = OperationAnswer<'getLineage'>;
/** The answer to a registration: the record, with warnings. */
export type RegisteredArtifact = OperationAnswer<'registerArtifact'>;
