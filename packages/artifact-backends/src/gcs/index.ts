export { gcsOptionsFromEnvironment } from './config.ts';
export type { GcsChecksums, GcsOptions, GcsStorageClass } from './gcs-options.ts';
export { openGcsBackend } from './open-gcs-backend.ts';
