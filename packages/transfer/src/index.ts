export { type BodySource, closableBody } from './body/closable-body.ts';
export { discardBody } from './body/discard-body.ts';
export { type Interruption, interruptibleBody } from './body/interruptible-body.ts';
export type { ArtifactCacheOptions } from './cache/artifact-cache.ts';
export { callWithDeadline, type Deadline } from './deadline/call-with-deadline.ts';
export { type LocalDigest, type LocalDigestOptions, localSha256 } from './digest/local-digest.ts';
export { type DownloadOptions, type DownloadResult, downloadFile } from './download/download-file.ts';
export type { ExpectedBytes } from './download/expected.ts';
export type { VerifyOptions } from './download/read-options.ts';
export { type VerifyResult, verifyObject } from './download/verify-object.ts';
export type { ArtifactPayload } from './envelope/artifact-payload.ts';
export { artifactSigner, checkArtifactSignature, type SignedRecord } from './envelope/artifact-signature.ts';
export { signEnvelope } from './envelope/sign-envelope.ts';
export { type ExpectedPayload, verifyEnvelope } from './envelope/verify-envelope.ts';
export { detectFormat, headBytes, tailBytes } from './format/detect-format.ts';
export type { FormatFacts, ImageFormat } from './format/image-format.ts';
export { type JournalPlace, withUploadJournal } from './journal/journal-folder.ts';
export type {
  JournalState,
  NotedIntent,
  NotedPart,
  NotedSource,
  NotedWhole,
} from './journal/journal-state.ts';
export { type SweepOptions, sweepUploadJournals } from './journal/sweep-journals.ts';
export { UploadJournal } from './journal/upload-journal.ts';
export type { ProgressListener, TransferProgress } from './progress.ts';
export type { UploadSource } from './source/open-source.ts';
export { type UploadResult, uploadFile } from './upload/upload-file.ts';
export { type UploadOptions, uploadDefaults } from './upload/upload-options.ts';
