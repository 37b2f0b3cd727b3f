export { s3OptionsFromEnvironment } from './config.ts';
export { openS3Backend } from './open-s3-backend.ts';
export type { S3Checksums, S3Credentials, S3Encryption, S3Options } from './s3-options.ts';
