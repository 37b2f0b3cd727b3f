import type {
  ArtifactRecord,
  FoundArtifact,
  Lineage,
  RegisteredArtifact,
} from '../artifact/artifact-record.ts';
import type { ArtifactChoice, DownloadedArtifact, DownloadOptions } from '../artifact/download-options.ts';
import type { StorageToTry, TriedStorage } from '../artifact/try-storage.ts';
import type { UploadArtifact, UploadedArtifact } from '../artifact/upload-options.ts';
import { type BodyOf, type CallOptions, type Paging, type QueryOf, queryTexts } from './call.ts';
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
  /** Deletes a record (softly). Needs the admin scope. @throws PinnedError */
  delete(build: string, artifact: string, options?: CallOptions): Promise<void>;
  /**
   * Makes an artifact a deliverable and its build releasable. Again: nothing changes.
   * @throws NotFoundError; NotPromotableError when it is deleted, superseded, missing, corrupt or expired
   */
  promote(
    build: string,
    artifact: string,
    how?: BodyOf<'promoteArtifact'>,
    options?: CallOptions,
  ): Promise<ArtifactRecord>;
  /** Protects an artifact from deletion and clean-up. @throws NotFoundError */
  pin(build: string, artifact: string, options?: CallOptions): Promise<ArtifactRecord>;
  /** Protects it no longer. @throws NotFoundError */
  unpin(build: string, artifact: string, options?: CallOptions): Promise<void>;
  /** What an artifact was made from, and what was made from it, over all builds. @throws NotFoundError */
  lineage(
    build: string,
    artifact: string,
    query?: QueryOf<'getLineage'>,
    options?: CallOptions,
  ): Promise<Lineage>;
  /** Artifacts of all builds, newest first; with `checksum`: who has these bytes. */
  search(query?: Omit<QueryOf<'searchArtifacts'>, Paging>, options?: CallOptions): Listing<FoundArtifact>;
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
    promote: (build, artifact, body, options) =>
      call('promoteArtifact', { params: one(build, artifact), body }, options),
    pin: (build, artifact, options) => call('pinArtifact', { params: one(build, artifact) }, options),
    unpin: (build, artifact, options) => call('unpinArtifact', { params: one(build, artifact) }, options),
    lineage: (build, artifact, query = {}, options) =>
      call('getLineage', { params: one(build, artifact), query: queryTexts<'getLineage'>(query) }, options),
    search: (query = {}, options) => list('searchArtifacts', {}, query, options),
    verify: (build, artifact, body, options) =>
      call('verifyArtifact', { params: one(build, artifact), body }, options),
  };
}
