import { PassThrough, type Transform } from 'node:stream';
import { createGunzip, createGzip, createZstdCompress, createZstdDecompress } from 'node:zlib';

/** How the bytes of an archive are compressed. */
export type Compression = 'none' | 'gzip' | 'zstd';

/** The compression that a file's name asks for: `.gz`, `.zst`, or none. */
export function compressionOf(path: string): Compression {
  if (path.endsWith('.gz')) return 'gzip';
  return path.endsWith('.zst') || path.endsWith('.zstd') ? 'zstd' : 'none';
}

/** Compresses what goes through it. */
export function compressor(compression: Compression): Transform {
  if (compression === 'gzip') return createGzip();
  return compression === 'zstd' ? createZstdCompress() : new PassThrough();
}

/** The compression that the first bytes of a file show, whatever its name says. */
export function compressionIn(first: Uint8Array): Compression {
  if (first[0] === 0x1f && first[1] === 0x8b) return 'gzip';
  const zstd = first[0] === 0x28 && first[1] === 0xb5 && first[2] === 0x2f && first[3] === 0xfd;
  return zstd ? 'zstd' : 'none';
}

/** Undoes the compression of what goes through it. */
export function decompressor(compression: Compression): Transform {
  if (compression === 'gzip') return createGunzip();
  return compression === 'zstd' ? createZstdDecompress() : new PassThrough();
}
