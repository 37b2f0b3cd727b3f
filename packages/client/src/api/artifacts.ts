import type { ArtifactRecord, RegisteredArtifact } from '../artifact/artifact-record.ts';
import type { ArtifactChoice, DownloadedArtifact, DownloadOptions } from '../artifact/download-options.ts';
import type { StorageToTry, TriedStorage } from '../artifact/try-storage.ts';
import type { UploadArtifact, UploadedArtifact } from '../artifact/upload-options.ts';
import type { BodyOf, CallOptions, Paging, QueryOf } from './call.ts';
import type { Listing } from './listing.ts';
import type { Operations } from './operations.ts';

/** Records of what states produced. An artifact is named by its id or its live name. */
export interface ArtifactRecordsApi {
  /** Registers bytes that are stored already, or a cloud object known by an id. */
  register(
    build: string,
    artifact: BodyOf<'registerArtifact'>,
    options?: CallOptions,
  ): Promise<RegisteredArtifact>;
  /** A build's artifacts, ascending by state. */
  list(
    build: string,
    query?: Omit<QueryOf<'listArtifacts'>, Paging>,
    options?: CallOptions,
  ): Listing<ArtifactRecord>;
  /** One artifact. @throws NotFoundError */
  get(build: string, artifact: string, options?: CallOptions): Promise<ArtifactRecord>;
  /** Changes a record. @throws NotFoundError */
  update(
    build: string,
    artifact: string,
    changes: BodyOf<'updateArtifact'>,
    options?: CallOptions,
  ): Promise<ArtifactRecord>;
  /** Deletes a record (softly). Needs the admin scope. */
  delete(build: string, artifact: string, options?: CallOptions): Promise<void>;
  /** Looks whether the bytes are there and right, or records what the caller saw itself. */
  verify(
    build: string,
    artifact: string,
    how?: BodyOf<'verifyArtifact'>,
    options?: CallOptions,
  ): Promise<RegisteredArtifact>;
}

/** What states produced: records and bytes. */
export interface ArtifactsApi extends ArtifactRecordsApi {
  /**
   * Stores a file or stream in one pass with its SHA-256, then registers it. If anything fails, no artifact is
   * visible.
   * @throws IntegrityError when the source changes meanwhile; StorageError, NoSpaceError, LimitError;
   *   ConfigurationError when there is no place to store at; LeaseLostError
   */
  upload(build: string, artifact: UploadArtifact): Promise<UploadedArtifact>;
  /**
   * Fetches an artifact's bytes, checks size and SHA-256 against its record, and only then puts them at the
   * target.
   * @param which the name, the newest resumable one at or before a state, or the newest resumable of all
   * @param target path of the file to make
   * @throws NotFoundError; IntegrityError for wrong bytes (nothing is at the target then); NotResumableError for
   *   an expired artifact; StorageNotFoundError when the bytes are gone or lie on another host
   */
  download(
    build: string,
    which: ArtifactChoice,
    target: string,
    options?: DownloadOptions,
  ): Promise<DownloadedArtifact>;
  /**
   * Tries whether artifacts can be stored: a small object is written, read back and deleted. Nothing is recorded.
   * @throws ConfigurationError when there is no place to try; StorageError, IntegrityError
   */
  tryStorage(storage: StorageToTry): Promise<TriedStorage>;
}

/** The facade's part for artifact records. */
export function artifactRecordsApi({ call, list }: Operations): ArtifactRecordsApi {
  const one = (buildId: string, artifactId: string) => ({ buildId, artifactId });
  return {
    register: (buildId, body, options) => call('registerArtifact', { params: { buildId }, body }, options),
    list: (buildId, query = {}, options) => list('listArtifacts', { buildId }, query, options),
    get: (build, artifact, options) => call('getArtifact', { params: one(build, artifact) }, options),
    update: (build, artifact, body, options) =>
      call('updateArtifact', { params: one(build, artifact), body }, options),
    delete: (build, artifact, options) => call('deleteArtifact', { params: one(build, artifact) }, options),
    verify: (build, artifact, body, options) =>
      call('verifyArtifact', { params: one(build, artifact), body }, options),
  };
}
