import type {
  ArtifactBackend,
  BackendCapabilities,
  BackendProbe,
  ListedObject,
  ListedParts,
  ObjectInfo,
  ReadResult,
  UploadedPart,
  UploadHandle,
} from '@buildstate/core';
import { StorageError } from '@buildstate/core/light';

function unsupported(what: string): StorageError {
  return new StorageError(
    `The artifacts of a server cannot be ${what} as objects: ask for them by build and artifact.`,
  );
}

/**
 * What is common to one upload to a server and one artifact read from it. Both are backends, so that the same
 * transfer code serves every store, but of one object alone: a server shows artifacts, not its disk.
 */
export abstract class ServerObject implements ArtifactBackend {
  readonly uri = 'server:';
  readonly kind = 'server';
  abstract readonly capabilities: BackendCapabilities;

  /** Not offered by a server. */
  stat(..._: Parameters<ArtifactBackend['stat']>): Promise<ObjectInfo | undefined> {
    return Promise.reject(unsupported('looked at'));
  }
  /** Not offered by a server. */
  read(..._: Parameters<ArtifactBackend['read']>): Promise<ReadResult> {
    return Promise.reject(unsupported('read'));
  }
  /** Not offered by a server. */
  put(..._: Parameters<ArtifactBackend['put']>): Promise<ObjectInfo> {
    return Promise.reject(unsupported('written'));
  }
  /** Not offered by a server. */
  createUpload(..._: Parameters<ArtifactBackend['createUpload']>): Promise<UploadHandle> {
    return Promise.reject(unsupported('written'));
  }
  /** Not offered by a server. */
  uploadPart(..._: Parameters<ArtifactBackend['uploadPart']>): Promise<UploadedPart> {
    return Promise.reject(unsupported('written'));
  }
  /** Not offered by a server. */
  listParts(..._: Parameters<ArtifactBackend['listParts']>): Promise<ListedParts> {
    return Promise.reject(unsupported('listed'));
  }
  /** Not offered by a server. */
  completeUpload(..._: Parameters<ArtifactBackend['completeUpload']>): Promise<ObjectInfo> {
    return Promise.reject(unsupported('written'));
  }
  /** Nothing to give up. */
  abortUpload(..._: Parameters<ArtifactBackend['abortUpload']>): Promise<void> {
    return Promise.resolve();
  }
  /** Not offered by a server. */
  // biome-ignore lint/correctness/useYield: there is nothing to list
  async *list(): AsyncGenerator<ListedObject> {
    throw unsupported('listed');
  }
  /** Not offered by a server, which removes what no record names. */
  delete(..._: Parameters<ArtifactBackend['delete']>): Promise<void> {
    return Promise.reject(unsupported('deleted'));
  }
  /** Not offered by a server; its health is the door's business. */
  probe(..._: Parameters<ArtifactBackend['probe']>): Promise<BackendProbe> {
    return Promise.reject(unsupported('probed'));
  }
  /** Nothing to free: connections belong to the door. */
  close(): Promise<void> {
    return Promise.resolve();
  }
}
