import { createHash, randomUUID } from 'node:crypto';

/** What a request says of an object beside its bytes. */
export interface GcsAbout {
  readonly contentType: string;
  /** Headers that begin with `x-goog-meta-`. */
  readonly metadata: Readonly<Record<string, string>>;
  /** The `x-goog-storage-class` header. */
  readonly storageClass: string;
}

/** An object of the server. */
export interface GcsObject extends GcsAbout {
  readonly bytes: Buffer;
  /** Grows with every write to the bucket; never used twice. */
  readonly generation: number;
  readonly updated: Date;
}

/** A part of an upload. */
export interface GcsPart {
  readonly bytes: Buffer;
  readonly etag: string;
}

/** An upload in progress. */
export interface GcsUpload extends GcsAbout {
  readonly path: string;
  readonly parts: Map<number, GcsPart>;
}

/** What the server keeps, by `bucket/name`. */
export class GcsState {
  readonly objects = new Map<string, GcsObject>();
  readonly uploads = new Map<string, GcsUpload>();
  /** The one access token that is accepted; any, and none, while it is undefined. */
  token: string | undefined;
  #generation = 1_700_000_000_000_000;

  /** Stores an object in one piece. */
  put(path: string, bytes: Buffer, about: GcsAbout): GcsObject {
    this.#generation += 1;
    const object = { ...about, bytes, generation: this.#generation, updated: new Date() };
    this.objects.set(path, object);
    return object;
  }

  /** Begins an upload. */
  begin(path: string, about: GcsAbout): string {
    const id = `ABPnzm${randomUUID().replaceAll('-', '')}`;
    this.uploads.set(id, { ...about, path, parts: new Map() });
    return id;
  }

  /** Stores a part. */
  putPart(upload: GcsUpload, number: number, bytes: Buffer): GcsPart {
    const part = { bytes, etag: `"${createHash('md5').update(bytes).digest('hex')}"` };
    upload.parts.set(number, part);
    return part;
  }

  /** Joins parts to an object, and forgets the upload. */
  complete(id: string, upload: GcsUpload, numbers: readonly number[]): GcsObject {
    const bytes = Buffer.concat(numbers.flatMap((number) => upload.parts.get(number)?.bytes ?? []));
    const { path, contentType, metadata, storageClass } = upload;
    this.uploads.delete(id);
    return this.put(path, bytes, { contentType, metadata, storageClass });
  }
}
