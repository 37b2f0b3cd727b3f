import type { ArtifactBackend } from '@buildstate/core';

/** An upload to a server's own disk. */
export interface ServerUpload {
  /** The build. */
  readonly build: string;
  /** The state that produced the bytes. */
  readonly state: number;
  /** Name of the file. */
  readonly filename: string;
  /** Size in bytes, where it is known. */
  readonly sizeBytes?: number;
  /** Media type. */
  readonly contentType?: string;
  /** What `ServerTarget.begun` was for an upload that another process began, to go on with it. */
  readonly begun?: unknown;
}

/** Where an upload to a server goes. */
export interface ServerTarget {
  /** Takes this one upload, and another one for the same artifact when it is gone. */
  readonly backend: ArtifactBackend;
  /** What the server said when the upload began last: plain data, for a journal. */
  readonly begun: unknown;
  /** The key that it chose. */
  readonly key: string;
  /** The URI to register the artifact with. */
  readonly artifactPath: string;
}

/** The bytes that a server keeps itself, behind `server:` URIs. */
export interface ServerBytes {
  /** Begins an upload. @throws StorageError */
  upload(upload: ServerUpload): Promise<ServerTarget>;
  /** Reads the bytes of an artifact, whatever key is asked for. */
  content(build: string, artifactId: string): ArtifactBackend;
}
