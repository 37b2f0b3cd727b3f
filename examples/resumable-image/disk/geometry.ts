/** Bytes of a sector. */
export const sectorBytes = 512;
/** Size of the whole disk: 256 MiB. */
export const diskBytes = 256 * 1024 * 1024;
/** First sector of the one partition: 1 MiB, as partitioning tools align it. */
export const partitionStart = 2048;
/** Sectors of the partition: all that follow. */
export const partitionSectors = diskBytes / sectorBytes - partitionStart;

/** Sectors before the first table. */
export const reservedSectors = 32;
/** Copies of the table. */
export const tableCopies = 2;
/** Sectors of a cluster: 2 KiB. */
export const clusterSectors = 4;
/** Bytes of a cluster. */
export const clusterBytes = clusterSectors * sectorBytes;

/** Sectors of one table: the smallest number that has an entry for every cluster that is then left. */
export const tableSectors = (() => {
  for (let sectors = 1; ; sectors++) {
    const left = partitionSectors - reservedSectors - tableCopies * sectors;
    if ((Math.floor(left / clusterSectors) + 2) * 4 <= sectors * sectorBytes) return sectors;
  }
})();

const dataStart = partitionStart + reservedSectors + tableCopies * tableSectors;

/** Clusters of the volume; they are counted from 2. */
export const clusters = Math.floor((partitionSectors - (dataStart - partitionStart)) / clusterSectors);

/** Where a cluster begins on the disk, in bytes. */
export function clusterOffset(cluster: number): number {
  return (dataStart + (cluster - 2) * clusterSectors) * sectorBytes;
}

/** Where a copy of the table begins on the disk, in bytes. */
export function tableOffset(copy: number): number {
  return (partitionStart + reservedSectors + copy * tableSectors) * sectorBytes;
}
