/** Kinds of files that are told from their bytes. `raw` is a disk or partition image with a known layout. */
export type ImageFormat =
  | 'qcow2'
  | 'vmdk'
  | 'vhd'
  | 'vhdx'
  | 'vdi'
  | 'raw'
  | 'iso'
  | 'tar'
  | 'gzip'
  | 'zstd'
  | 'xz'
  | 'bzip2';

/** What the first and last bytes of a file tell. */
export interface FormatFacts {
  /** The kind, missing when the bytes tell nothing. */
  readonly format?: ImageFormat;
  /** The compression, when the whole file is compressed. */
  readonly compression?: 'gzip' | 'zstd' | 'xz' | 'bzip2';
  /** Size of the disk that a machine sees, in bytes, where the header tells. */
  readonly virtualSizeBytes?: number;
}
