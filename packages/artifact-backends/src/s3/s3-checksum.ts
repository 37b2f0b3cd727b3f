import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { UploadedPart } from '@buildstate/core';
import type { S3Checksums } from './s3-options.ts';

/** Base64 of the four bytes, most significant first, as S3 wants it. */
function crc32Base64(bytes: Uint8Array): string {
  const value = Buffer.alloc(4);
  value.writeUInt32BE(crc32(bytes));
  return value.toString('base64');
}

/** The parameters that let the store check a body. */
export function bodyChecksum(
  checksums: S3Checksums,
  bytes: Uint8Array,
): { readonly ChecksumCRC32?: string; readonly ContentMD5?: string } {
  if (checksums === 'crc32') return { ChecksumCRC32: crc32Base64(bytes) };
  return checksums === 'md5' ? { ContentMD5: createHash('md5').update(bytes).digest('base64') } : {};
}

/** What completing an upload needs to know of a part, as one text. ETags hold no semicolon. */
export function partTag(etag: string, crc32OfPart: string | undefined): string {
  return crc32OfPart === undefined ? etag : `${etag};crc32=${crc32OfPart}`;
}

/** The parameters of a part, from its tag. */
export function completedPart(part: UploadedPart): {
  readonly PartNumber: number;
  readonly ETag: string;
  readonly ChecksumCRC32?: string;
} {
  const [etag = '', crc] = part.tag.split(';crc32=');
  return { PartNumber: part.number, ETag: etag, ...(crc === undefined ? {} : { ChecksumCRC32: crc }) };
}
