export {
  type AzureFault,
  type AzureFaultRule,
  type AzureOperation,
  type FaultyAzure,
  type SeenAzureRequest,
  startFaultyAzure,
} from './azure/faulty-azure.ts';
export type { BackendPlace, BackendTraits } from './bench.ts';
export { describeArtifactBackend } from './describe-artifact-backend.ts';
export { type FaultyGcsServer, type SeenGcsRequest, startFaultyGcs } from './gcs/faulty-gcs-server.ts';
export type { GcsFault, GcsFaultRule, GcsOperation } from './gcs/gcs-faults.ts';
export type { S3Fault, S3FaultRule, S3Operation } from './s3/faults.ts';
export { type FaultyS3Server, type SeenRequest, startFaultyS3 } from './s3/faulty-s3-server.ts';
export type { S3Habits } from './s3/s3-objects.ts';
