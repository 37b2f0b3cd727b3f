import { createHash, randomUUID } from 'node:crypto';

/** An object of the server. */
export interface StoredObject {
  readonly bytes: Buffer;
  readonly etag: string;
  readonly modified: Date;
  readonly contentType: string;
  /** Headers that begin with `x-amz-meta-`. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** An upload in progress. */
export interface StoredUpload {
  readonly path: string;
  readonly contentType: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** What parts must come with, as was said when the upload began. */
  readonly checksum: 'CRC32' | undefined;
  readonly parts: Map<number, StoredPart>;
}

/** A part of an upload in progress. */
export interface StoredPart {
  readonly bytes: Buffer;
  readonly etag: string;
  /** The CRC32 that it came with, base64. */
  readonly crc32: string | undefined;
}

function md5(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('hex');
}

/** What the server keeps, by `bucket/key`. */
export class S3State {
  readonly objects = new Map<string, StoredObject>();
  readonly uploads = new Map<string, StoredUpload>();

  /** Stores an object in one piece. */
  put(path: string, bytes: Buffer, about: Pick<StoredObject, 'contentType' | 'metadata'>): StoredObject {
    const object = { ...about, bytes, etag: `"${md5(bytes)}"`, modified: new Date() };
    this.objects.set(path, object);
    return object;
  }

  /** Begins an upload. */
  begin(path: string, about: Omit<StoredUpload, 'path' | 'parts'>): string {
    const id = `2~${randomUUID()}`;
    this.uploads.set(id, { ...about, path, parts: new Map() });
    return id;
  }

  /** Stores a part. */
  putPart(upload: StoredUpload, number: number, bytes: Buffer, crc32: string | undefined): string {
    const etag = `"${md5(bytes)}"`;
    upload.parts.set(number, { bytes, etag, crc32 });
    return etag;
  }

  /** Joins parts. Like S3's, the ETag of the result is made from those of the parts. */
  complete(id: string, upload: StoredUpload, numbers: readonly number[]): StoredObject {
    const parts = numbers.flatMap((number) => upload.parts.get(number) ?? []);
    const digests = parts.map(({ etag }) => Buffer.from(etag.slice(1, -1), 'hex'));
    const { path, contentType, metadata } = upload;
    const etag = `"${md5(Buffer.concat(digests))}-${parts.length}"`;
    const bytes = Buffer.concat(parts.map((part) => part.bytes));
    const object = { bytes, etag, contentType, metadata, modified: new Date() };
    this.objects.set(path, object);
    this.uploads.delete(id);
    return object;
  }
}
