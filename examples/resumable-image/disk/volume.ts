import { closeSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { informationSector, masterBootRecord, volumeBootSector } from './boot-sectors.ts';
import { decodeEntries, type Entry, encodeEntry, encodeLabel, entryBytes } from './directory.ts';
import {
  clusterBytes,
  clusterOffset,
  clusters,
  diskBytes,
  partitionStart,
  sectorBytes,
  tableCopies,
  tableOffset,
  tableSectors,
} from './geometry.ts';

const endOfChain = 0x0fffffff;
const label = 'BUILDSTATE';

/**
 * A disk image with one FAT32 volume, written by hand: the same on every machine, to the byte, and a real disk
 * that can be mounted or booted from. Knows as much of FAT32 as this example needs.
 */
export class Volume implements Disposable {
  readonly #file: number;
  readonly #table: Buffer;
  #nextFree = 3;
  #isChanged = false;

  private constructor(file: number, table: Buffer) {
    this.#file = file;
    this.#table = table;
    while (this.#nextFree < clusters + 2 && this.#link(this.#nextFree) !== 0) this.#nextFree += 1;
  }

  /** Makes an empty volume in a new file. */
  static format(path: string): Volume {
    const file = openSync(path, 'w+');
    ftruncateSync(file, diskBytes);
    const table = Buffer.alloc(tableSectors * sectorBytes);
    table.writeUInt32LE(0x0ffffff8, 0);
    table.writeUInt32LE(endOfChain, 4);
    table.writeUInt32LE(endOfChain, 8);
    const volume = new Volume(file, table);
    volume.#write(masterBootRecord(), 0);
    for (const sector of [0, 6]) {
      volume.#write(volumeBootSector(label), (partitionStart + sector) * sectorBytes);
    }
    volume.#write(encodeLabel(label), clusterOffset(2));
    return volume;
  }

  /** Opens the volume of a file. */
  static open(path: string): Volume {
    const file = openSync(path, 'r+');
    const table = Buffer.alloc(tableSectors * sectorBytes);
    readSync(file, table, 0, table.length, tableOffset(0));
    return new Volume(file, table);
  }

  /** Writes a file under a directory of the root, which is made when it is not there. */
  add(directory: string, name: string, content: Buffer): void {
    const cluster = this.#store(content);
    this.#append(this.#directory(directory), { name, isDirectory: false, cluster, size: content.length });
  }

  /** Every file with its content, by `DIRECTORY/NAME`, in the order in which they were added. */
  *files(): Generator<readonly [path: string, content: Buffer], void> {
    for (const directory of this.#entries(2)) {
      for (const entry of this.#entries(directory.cluster)) {
        if (entry.isDirectory) continue;
        yield [`${directory.name}/${entry.name}`, this.#load(entry.cluster).subarray(0, entry.size)];
      }
    }
  }

  /** Writes the tables, if anything was added, and closes the file. */
  [Symbol.dispose](): void {
    if (this.#isChanged) this.#writeTables();
    closeSync(this.#file);
  }

  #writeTables(): void {
    for (let copy = 0; copy < tableCopies; copy++) this.#write(this.#table, tableOffset(copy));
    const free = clusters + 2 - this.#nextFree;
    for (const sector of [1, 7]) {
      this.#write(informationSector(free, this.#nextFree), (partitionStart + sector) * sectorBytes);
    }
  }

  #write(bytes: Buffer, offset: number): void {
    this.#isChanged = true;
    writeSync(this.#file, bytes, 0, bytes.length, offset);
  }

  #link(cluster: number): number {
    return this.#table.readUInt32LE(cluster * 4) & 0x0fffffff;
  }

  /** Puts content into free clusters, one after the other; answers the first. */
  #store(content: Buffer): number {
    const count = Math.ceil(content.length / clusterBytes);
    const first = this.#nextFree;
    if (first + count > clusters + 2) throw new Error('The disk is full.');
    for (let index = 0; index < count; index++) {
      this.#table.writeUInt32LE(index === count - 1 ? endOfChain : first + index + 1, (first + index) * 4);
    }
    this.#nextFree += count;
    this.#write(content, clusterOffset(first));
    return count === 0 ? 0 : first;
  }

  #load(first: number): Buffer {
    const chain: Buffer[] = [];
    for (let cluster = first; cluster >= 2 && cluster < clusters + 2; cluster = this.#link(cluster)) {
      const bytes = Buffer.alloc(clusterBytes);
      readSync(this.#file, bytes, 0, clusterBytes, clusterOffset(cluster));
      chain.push(bytes);
    }
    return Buffer.concat(chain);
  }

  #entries(directory: number): Entry[] {
    return decodeEntries(this.#load(directory)).filter(({ name }) => name !== '.' && name !== '..');
  }

  #directory(name: string): number {
    const found = this.#entries(2).find((entry) => entry.isDirectory && entry.name === name);
    if (found !== undefined) return found.cluster;
    const own = this.#nextFree;
    const cluster = this.#store(
      Buffer.concat([
        encodeEntry({ name: '.', isDirectory: true, cluster: own, size: 0 }),
        encodeEntry({ name: '..', isDirectory: true, cluster: 0, size: 0 }),
        Buffer.alloc(clusterBytes - 2 * entryBytes),
      ]),
    );
    this.#append(2, { name, isDirectory: true, cluster, size: 0 });
    return cluster;
  }

  /** Adds an entry at the end of a directory, which grows by a cluster when it is full. */
  #append(directory: number, entry: Entry): void {
    const bytes = this.#load(directory);
    let at = 0;
    while (at < bytes.length && bytes[at] !== 0) at += entryBytes;
    let cluster = directory;
    for (let skipped = 0; skipped < Math.floor(at / clusterBytes); skipped++) {
      const next = this.#link(cluster);
      cluster = next < endOfChain - 8 ? next : this.#grow(cluster);
    }
    this.#write(encodeEntry(entry), clusterOffset(cluster) + (at % clusterBytes));
  }

  #grow(last: number): number {
    const added = this.#store(Buffer.alloc(clusterBytes));
    this.#table.writeUInt32LE(added, last * 4);
    return added;
  }
}
