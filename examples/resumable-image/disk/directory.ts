/** Bytes of an entry. */
export const entryBytes = 32;

const fixedDate = ((2026 - 1980) << 9) | (1 << 5) | 1;

/** One entry of a directory. */
export interface Entry {
  /** `NAME.EXT` in capitals, at most 8 and 3 characters; `.` and `..` in directories. */
  readonly name: string;
  /** Whether it is a directory. */
  readonly isDirectory: boolean;
  /** First cluster; 0 for an empty file. */
  readonly cluster: number;
  /** Bytes; 0 for a directory. */
  readonly size: number;
}

const shortName = /^([A-Z0-9_-]{1,8})(?:\.([A-Z0-9_-]{1,3}))?$/;

function fieldOf(name: string): string {
  if (name === '.' || name === '..') return name.padEnd(11);
  const [, base, extension = ''] = shortName.exec(name) ?? [];
  if (base === undefined) throw new Error(`${name} is not a name of at most 8 and 3 capitals.`);
  return base.padEnd(8) + extension.padEnd(3);
}

function nameOf(field: string): string {
  const [base, extension] = [field.slice(0, 8).trimEnd(), field.slice(8).trimEnd()];
  return extension === '' ? base : `${base}.${extension}`;
}

/** The 32 bytes of an entry. Times are fixed, so that two builds agree. */
export function encodeEntry({ name, isDirectory, cluster, size }: Entry): Buffer {
  const bytes = Buffer.alloc(entryBytes);
  bytes.write(fieldOf(name), 0, 'latin1');
  bytes.writeUInt8(isDirectory ? 0x10 : 0x20, 11);
  for (const at of [16, 18, 24]) bytes.writeUInt16LE(fixedDate, at);
  bytes.writeUInt16LE(cluster >>> 16, 20);
  bytes.writeUInt16LE(cluster & 0xffff, 26);
  bytes.writeUInt32LE(size, 28);
  return bytes;
}

/** The volume's label as an entry of the root directory. */
export function encodeLabel(label: string): Buffer {
  const bytes = Buffer.alloc(entryBytes);
  bytes.write(label.padEnd(11).slice(0, 11), 0, 'latin1');
  bytes.writeUInt8(0x08, 11);
  bytes.writeUInt16LE(fixedDate, 24);
  return bytes;
}

/** The entries of a directory, without its label. */
export function decodeEntries(bytes: Buffer): Entry[] {
  const entries: Entry[] = [];
  for (let at = 0; at + entryBytes <= bytes.length && bytes[at] !== 0; at += entryBytes) {
    const attributes = bytes.readUInt8(at + 11);
    if ((attributes & 0x08) !== 0) continue;
    entries.push({
      name: nameOf(bytes.toString('latin1', at, at + 11)),
      isDirectory: (attributes & 0x10) !== 0,
      cluster: (bytes.readUInt16LE(at + 20) << 16) | bytes.readUInt16LE(at + 26),
      size: bytes.readUInt32LE(at + 28),
    });
  }
  return entries;
}
