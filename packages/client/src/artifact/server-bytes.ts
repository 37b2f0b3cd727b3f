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
  /** The digest of what was read so far; asked for when everything was. */
  readonly sha256: () => string;
}

/** Where an upload to a server goes. */
export interface ServerTarget {
  /** Takes this one upload. */
  readonly backend: ArtifactBackend;
  /** The key that the server chose. */
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
