import { type ArtifactBackend, BuildStateError, type UploadHandle } from '@buildstate/core';
import type { Logger } from 'pino';

/** Most uploads whose end is remembered. */
const remembered = 1000;

/** Uploads that a full disk ended. Their bytes are freed at once: a client that is told so may never come back. */
export class GivenUpUploads {
  readonly #backend: Pick<ArtifactBackend, 'abortUpload'>;
  readonly #logger: Pick<Logger, 'warn'>;
  readonly #reasons = new Map<string, BuildStateError>();

  constructor(backend: Pick<ArtifactBackend, 'abortUpload'>, logger: Pick<Logger, 'warn'>) {
    this.#backend = backend;
    this.#logger = logger;
  }

  /**
   * Does something with an upload, which is given up when the disk is full. Other parts under way fail with it; they
   * then say that the disk is full as well, rather than that the upload is unknown.
   * @throws what `work` throws
   */
  async during<Result>(upload: UploadHandle, work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof BuildStateError)) throw error;
      if (error.kind === 'no_space') await this.#giveUp(upload, error);
      throw (error.kind === 'not_found' ? this.#reasons.get(upload.uploadId) : undefined) ?? error;
    }
  }

  async #giveUp(upload: UploadHandle, reason: BuildStateError): Promise<void> {
    this.#remember(upload.uploadId, reason);
    try {
      await this.#backend.abortUpload(upload);
    } catch (error) {
      // The full disk is the failure to report; the sweep of old uploads removes what is left.
      this.#logger.warn({ err: error, key: upload.key }, 'parts of a failed upload remain');
    }
  }

  #remember(uploadId: string, reason: BuildStateError): void {
    this.#reasons.set(uploadId, reason);
    const [oldest] = this.#reasons.keys();
    if (this.#reasons.size > remembered && oldest !== undefined) this.#reasons.delete(oldest);
  }
}
