/**
 * The contract of a place that keeps artifact bytes: a folder, a bucket, a container.
 *
 * Promises that every backend keeps, and that the conformance suite checks:
 * - **Keys** are relative, `/`-separated and already checked by `checkStorageKey`; a backend never lets one
 *   leave its root.
 * - **Atomicity**: an object is visible under its key whole or not at all. A failed or aborted upload leaves
 *   nothing under the key.
 * - **Durability**: when `put` or `completeUpload` resolves, the object survives a crash of the machine as far
 *   as the store can promise that.
 * - **Errors**: everything thrown is a `StorageError` that says whether it is `permanent` or `transient`.
 *   Backends do not retry; the retry decorator is the one place that does.
 * - **Cancellation**: every call takes an `AbortSignal` and settles soon after it aborts.
 * - **Bodies** are buffers or factories, never half-consumed streams, so that a call can be repeated.
 */
export interface ArtifactBackend {
  /** The URI of the root, without credentials, such as `file:///var/artifacts` or `s3://bucket/prefix`. */
  readonly uri: string;
  /** The word recorded as `storage_backend`: `local`, `s3`, `azure-blob`, `gcs`, `memory`. */
  readonly kind: string;
  /** What this backend can do. */
  readonly capabilities: BackendCapabilities;

  /** Size and version of an object, or `undefined` when there is none. */
  stat(key: string, options?: CallOptions): Promise<ObjectInfo | undefined>;
  /**
   * Bytes of an object. With `ifVersion`, only if the object still is that version. A range that reaches
   * beyond the end is cut there; one that begins at the end or later has no bytes.
   * @throws StorageNotFoundError, StorageChangedError
   */
  read(key: string, options?: ReadOptions): Promise<ReadResult>;
  /** Writes a small object (at most `capabilities.maxPutBytes`) in one call. */
  put(key: string, body: Uint8Array, options?: PutOptions): Promise<ObjectInfo>;

  /** Begins an upload in parts. Nothing is visible under the key until it is completed. */
  createUpload(key: string, options?: CreateUploadOptions): Promise<UploadHandle>;
  /**
   * Stores one part; parts may come in any order and several at once. Sending a part again replaces it.
   * All parts but the last have at least `capabilities.minPartBytes`, and the same size where
   * `capabilities.equalParts` says so.
   * @throws StorageNotFoundError when the upload was completed, aborted or swept
   */
  uploadPart(upload: UploadHandle, part: PartBody, options?: CallOptions): Promise<UploadedPart>;
  /** The parts that the store holds, by ascending number. Empty for an unknown upload: `uploadKnown` is then false. */
  listParts(upload: UploadHandle, options?: CallOptions): Promise<ListedParts>;
  /**
   * Makes the object visible. Repeating it after success answers the same object. The caller has checked that
   * the parts are contiguous and that their sizes add up.
   */
  completeUpload(
    upload: UploadHandle,
    parts: readonly UploadedPart[],
    options?: CompleteUploadOptions,
  ): Promise<ObjectInfo>;
  /**
   * Makes a local file the only part of an upload without moving its bytes, where the store shares a file
   * system that can clone files. Answers `undefined` when it cannot; the caller then sends parts.
   */
  cloneFile?(upload: UploadHandle, path: string, options?: CallOptions): Promise<UploadedPart | undefined>;
  /** Gives an upload up and frees its parts. Unknown uploads are no error. */
  abortUpload(upload: UploadHandle, options?: CallOptions): Promise<void>;
  /**
   * Uploads to exactly this key that are neither completed nor given up, where the store can tell. Good for giving
   * them up, and for nothing else: the ids may lack what sending parts or completing takes.
   */
  listUploads?(key: string, options?: CallOptions): Promise<readonly UploadHandle[]>;

  /** Objects whose key starts with `prefix`, in ascending order of key. Not a snapshot. */
  list(prefix: string, options?: CallOptions): AsyncIterable<ListedObject>;
  /** Removes an object. One that is not there is no error. */
  delete(key: string, options?: CallOptions): Promise<void>;
  /** Checks that the place can be reached, read and written. */
  probe(options?: CallOptions): Promise<BackendProbe>;
  /** Frees sockets and handles. The backend cannot be used afterwards. */
  close(): Promise<void>;
}

/** What a backend can do, with the values that hold when a driver says nothing else. */
export interface BackendCapabilities {
  /** Smallest size of a part that is not the last, in bytes. @default 1 */
  readonly minPartBytes: number;
  /** Largest number of parts of one upload. @default 10000 */
  readonly maxParts: number;
  /** Largest size of one part, in bytes. @default 5 GiB */
  readonly maxPartBytes: number;
  /** Largest body of `put`, in bytes. @default 8 MiB */
  readonly maxPutBytes: number;
  /** Whether all parts of an upload but the last must have the same size. @default false */
  readonly equalParts: boolean;
  /** Whether `put` with `ifAbsent` is honoured by the store itself. @default false */
  readonly conditionalPut: boolean;
  /** Whether several processes may upload parts of one upload. @default true */
  readonly resumableUploads: boolean;
}

/** Options of every call. */
export interface CallOptions {
  /** Ends the call early; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Options of `read`. */
export interface ReadOptions extends CallOptions {
  /** First byte wanted. @default 0 */
  readonly start?: number;
  /** First byte not wanted any more. @default the object's size */
  readonly end?: number;
  /** The `version` that the object must still have. */
  readonly ifVersion?: string;
  /** Chunks need only stay as they are until the next one is asked for, so that one buffer does. @default false */
  readonly borrowed?: boolean;
}

/** What `read` answers. The caller must consume or cancel the body. */
export interface ReadResult {
  /** The bytes asked for, in chunks of any size. Ending early or failing throws from the iterator. */
  readonly body: AsyncIterable<Uint8Array>;
  /** The object that the bytes belong to. */
  readonly info: ObjectInfo;
}

/** Options of `put`. */
export interface PutOptions extends CallOptions {
  /** Fail with `StorageExistsError` when the key is taken. Needs `capabilities.conditionalPut` to be race-free. */
  readonly ifAbsent?: boolean;
  /** The media type kept with the object where the store has a place for it. */
  readonly contentType?: string;
}

/** Options of `createUpload`. */
export interface CreateUploadOptions extends CallOptions {
  /** The media type kept with the object where the store has a place for it. */
  readonly contentType?: string;
}

/** Options of `completeUpload`. */
export interface CompleteUploadOptions extends CallOptions {
  /** SHA-256 of the whole object, for stores that compare it: 64 lower-case hexadecimal characters. */
  readonly sha256?: string;
}

/** What is known of an object without reading it. */
export interface ObjectInfo {
  /** The key, relative to the backend's root. */
  readonly key: string;
  /** Size in bytes. */
  readonly size: number;
  /** An opaque tag that changes when the bytes are replaced (an ETag, or inode, size and mtime). Never a checksum. */
  readonly version: string;
  /** When it was last written, in milliseconds since the epoch, where the store tells. */
  readonly modifiedAt?: number;
}

/** An entry of `list`. */
export type ListedObject = ObjectInfo;

/** An upload in progress; plain data, so that it can be written to a journal and used by another process. */
export interface UploadHandle {
  /** The key that the object will have. */
  readonly key: string;
  /** The store's own id of the upload. */
  readonly uploadId: string;
}

/** The bytes of one part. */
export interface PartBody {
  /** 1 to `capabilities.maxParts`. */
  readonly number: number;
  /** Where the part begins in the object, in bytes. Stores that can write it in place then need not copy it later. */
  readonly offset?: number;
  /** The bytes; the backend only reads them, and the caller does not touch them until the call settles. */
  readonly bytes: Uint8Array;
}

/** A part that the store has accepted. */
export interface UploadedPart {
  /** 1 to `capabilities.maxParts`. */
  readonly number: number;
  /** Size in bytes. */
  readonly size: number;
  /** The store's tag for the part, needed to complete the upload. Never a checksum of the file. */
  readonly tag: string;
}

/** What `listParts` answers. */
export interface ListedParts {
  /** False when the store knows no such upload (any more): it was completed, aborted or swept. */
  readonly uploadKnown: boolean;
  /** By ascending number. */
  readonly parts: readonly UploadedPart[];
}

/** What `probe` found. */
export interface BackendProbe {
  /** Whether a small object could be listed, read and deleted again. */
  readonly readable: boolean;
  /** Whether a small object could be written. */
  readonly writable: boolean;
  /** Whether the store honours conditional writes. */
  readonly conditionalPut: boolean;
  /** Bytes free, where the store has such a thing. */
  readonly freeBytes?: number;
  /** What went wrong, as a sentence, when one of the above is false. */
  readonly problem?: string;
}
