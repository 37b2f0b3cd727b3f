export { anySha256 } from '../digest/any-sha256.ts';
export { wasmSha256 } from '../digest/wasm-sha256.ts';
export type { ActualBytes } from '../download/expected.ts';
export type { ProgressListener, TransferProgress } from '../progress.ts';
export { type BlobLike, type BlobReader, type VerifyBlobOptions, verifyBlob } from './verify-blob.ts';
