import { join } from 'node:path';
import type {
  ArtifactBackend,
  BackendProbe,
  CallOptions,
  ListedObject,
  ListedParts,
  Logger,
  ObjectInfo,
  PartBody,
  PutOptions,
  ReadOptions,
  ReadResult,
  UploadedPart,
  UploadHandle,
} from '@buildstate/core';
import { bodyTooLarge, uploadUnknown } from '../backend-errors.ts';
import { defaultCapabilities } from '../capabilities.ts';
import { completeFsUpload } from './fs-complete.ts';
import { toStorageError } from './fs-errors.ts';
import { listObjects } from './fs-list.ts';
import { readObject, statObject } from './fs-object.ts';
import { clonePart, storePart } from './fs-parts.ts';
import { removeObject } from './fs-place.ts';
import { probeRoot } from './fs-probe.ts';
import { putObject } from './fs-put.ts';
import type { FsRoot } from './fs-root.ts';
import { sweepStaging } from './fs-sweep.ts';
import { readRecords } from './part-records.ts';
import { UploadFolder } from './upload-folder.ts';

/** Parts are bytes in one file, so there is no natural limit; this one keeps folders of records small. */
const capabilities = { ...defaultCapabilities, maxParts: 100_000, conditionalPut: true };

/** What the backend is made of; see `openFsBackend`. */
export interface FsBackendParts {
  readonly root: FsRoot;
  readonly uri: string;
  readonly kind: string;
  readonly logger: Logger;
}

/**
 * Keeps objects as files in a folder, local or mounted. What is not complete lives in `.bldst-uploads` under
 * the root; objects appear by a rename after their bytes are on the disk. Symbolic links are never followed.
 * `a` and `a/b` cannot both be objects, because a folder and a file cannot have one name.
 */
export class FsBackend implements ArtifactBackend {
  readonly uri: string;
  readonly kind: string;
  readonly capabilities = capabilities;
  readonly #root: FsRoot;
  readonly #logger: Logger;

  constructor(parts: FsBackendParts) {
    this.uri = parts.uri;
    this.kind = parts.kind;
    this.#root = parts.root;
    this.#logger = parts.logger;
  }

  /** See `ArtifactBackend.stat`. */
  stat(key: string, options: CallOptions = {}): Promise<ObjectInfo | undefined> {
    return this.#call('stat', key, options, () => statObject(this.#root, key));
  }

  /** See `ArtifactBackend.read`. */
  read(key: string, options: ReadOptions = {}): Promise<ReadResult> {
    return this.#call('read', key, options, () => readObject(this.#root, key, options));
  }

  /** See `ArtifactBackend.put`. */
  put(key: string, body: Uint8Array, options: PutOptions = {}): Promise<ObjectInfo> {
    return this.#call('put', key, options, () => {
      const { maxPutBytes } = this.capabilities;
      if (body.length > maxPutBytes) throw bodyTooLarge(this.#root.nameOf(key), body.length, maxPutBytes);
      return putObject(this.#root, key, body, options);
    });
  }

  /** See `ArtifactBackend.createUpload`. Also removes what crashes left behind long ago. */
  createUpload(key: string, options: CallOptions = {}): Promise<UploadHandle> {
    return this.#call('createUpload', key, options, async () => {
      this.#root.pathOf(key);
      await this.#root.refuseLinks(key);
      const upload = await UploadFolder.create(this.#root, key);
      await this.#sweep(upload.uploadId);
      return upload;
    });
  }

  /** See `ArtifactBackend.uploadPart`. */
  uploadPart(upload: UploadHandle, part: PartBody, options: CallOptions = {}): Promise<UploadedPart> {
    return this.#call('uploadPart', upload.key, options, async () =>
      this.#ifStillThere(upload, storePart(await this.#openFolder(upload), part, options.signal)),
    );
  }

  /** See `ArtifactBackend.listParts`. */
  listParts(upload: UploadHandle, options: CallOptions = {}): Promise<ListedParts> {
    return this.#call('listParts', upload.key, options, async () => {
      const folder = await UploadFolder.find(this.#root, upload);
      if (folder === undefined || !(await folder.isOpen())) return { uploadKnown: false, parts: [] };
      const records = await readRecords(folder.path);
      return { uploadKnown: true, parts: records.map(({ number, size, tag }) => ({ number, size, tag })) };
    });
  }

  /** See `ArtifactBackend.cloneFile`: works where the root and the file share XFS, Btrfs, APFS or the like. */
  cloneFile(
    upload: UploadHandle,
    path: string,
    options: CallOptions = {},
  ): Promise<UploadedPart | undefined> {
    return this.#call('cloneFile', upload.key, options, async () =>
      this.#ifStillThere(upload, clonePart(await this.#openFolder(upload), path)),
    );
  }

  /** See `ArtifactBackend.completeUpload`. */
  completeUpload(
    upload: UploadHandle,
    parts: readonly UploadedPart[],
    options: CallOptions = {},
  ): Promise<ObjectInfo> {
    return this.#call('completeUpload', upload.key, options, async () => {
      const folder = await UploadFolder.find(this.#root, upload);
      if (folder === undefined) throw uploadUnknown(this.#root.nameOf(upload.key));
      const { signal } = options;
      return await completeFsUpload({ root: this.#root, folder, key: upload.key, signal }, parts);
    });
  }

  /** See `ArtifactBackend.abortUpload`. */
  abortUpload(upload: UploadHandle, options: CallOptions = {}): Promise<void> {
    return this.#call('abortUpload', upload.key, options, async () => {
      await (await UploadFolder.find(this.#root, upload))?.remove();
    });
  }

  /** See `ArtifactBackend.listUploads`. */
  listUploads(key: string, options: CallOptions = {}): Promise<readonly UploadHandle[]> {
    return this.#call('listUploads', key, options, () => UploadFolder.findAll(this.#root, key));
  }

  /** See `ArtifactBackend.list`. */
  async *list(prefix: string, options: CallOptions = {}): AsyncGenerator<ListedObject> {
    options.signal?.throwIfAborted();
    try {
      for await (const object of listObjects(this.#root, prefix)) {
        yield object;
        options.signal?.throwIfAborted();
      }
    } catch (error) {
      throw toStorageError(error, `list of ${this.#root.nameOf(prefix)}`);
    }
  }

  /** See `ArtifactBackend.delete`. */
  delete(key: string, options: CallOptions = {}): Promise<void> {
    return this.#call('delete', key, options, () => removeObject(this.#root, key));
  }

  /** See `ArtifactBackend.probe`. */
  probe(options: CallOptions = {}): Promise<BackendProbe> {
    return this.#call('probe', '', options, () => probeRoot(this.#root));
  }

  /** Holds nothing open. */
  async close(): Promise<void> {}

  /** Checks the signal and translates failures, the same for every call. */
  async #call<Result>(
    operation: string,
    key: string,
    options: CallOptions,
    work: () => Promise<Result>,
  ): Promise<Result> {
    options.signal?.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      throw toStorageError(error, `${operation} of ${this.#root.nameOf(key)}`);
    }
  }

  async #openFolder(upload: UploadHandle): Promise<UploadFolder> {
    const folder = await UploadFolder.find(this.#root, upload);
    if (folder === undefined || !(await folder.isOpen())) throw uploadUnknown(this.#root.nameOf(upload.key));
    return folder;
  }

  /** A missing folder in the middle of a call means that the upload was aborted meanwhile. */
  async #ifStillThere<Result>(upload: UploadHandle, work: Promise<Result>): Promise<Result> {
    try {
      return await work;
    } catch (error) {
      if ((await UploadFolder.find(this.#root, upload)) !== undefined) throw error;
      throw uploadUnknown(this.#root.nameOf(upload.key), error);
    }
  }

  async #sweep(uploadId: string): Promise<void> {
    try {
      await sweepStaging(this.#root, join(this.#root.staging, uploadId));
    } catch (error) {
      // Leftovers are no reason to refuse an upload.
      this.#logger.warn({ err: error, folder: this.#root.staging }, 'Old uploads could not be removed.');
    }
  }
}
