import {
  clusterSectors,
  partitionSectors,
  partitionStart,
  reservedSectors,
  sectorBytes,
  tableCopies,
  tableSectors,
} from './geometry.ts';

const signature = [0x55, 0xaa] as const;

/** The master boot record: one active partition with FAT32. Every number in it is fixed, so that two builds agree. */
export function masterBootRecord(): Buffer {
  const sector = Buffer.alloc(sectorBytes);
  sector.writeUInt32LE(0xb01d57a7, 440);
  sector.set([0x80, 0xfe, 0xff, 0xff, 0x0c, 0xfe, 0xff, 0xff], 446);
  sector.writeUInt32LE(partitionStart, 454);
  sector.writeUInt32LE(partitionSectors, 458);
  sector.set(signature, 510);
  return sector;
}

/** The first sector of the volume, as Microsoft's FAT specification lays it out. @param label 11 characters */
export function volumeBootSector(label: string): Buffer {
  const sector = Buffer.alloc(sectorBytes);
  sector.set([0xeb, 0x58, 0x90], 0);
  sector.write('BUILDST ', 3, 'latin1');
  sector.writeUInt16LE(sectorBytes, 11);
  sector.writeUInt8(clusterSectors, 13);
  sector.writeUInt16LE(reservedSectors, 14);
  sector.writeUInt8(tableCopies, 16);
  sector.writeUInt8(0xf8, 21);
  sector.writeUInt16LE(63, 24);
  sector.writeUInt16LE(255, 26);
  sector.writeUInt32LE(partitionStart, 28);
  sector.writeUInt32LE(partitionSectors, 32);
  sector.writeUInt32LE(tableSectors, 36);
  sector.writeUInt32LE(2, 44);
  sector.writeUInt16LE(1, 48);
  sector.writeUInt16LE(6, 50);
  sector.writeUInt8(0x80, 64);
  sector.writeUInt8(0x29, 66);
  sector.writeUInt32LE(0x20260101, 67);
  sector.write(label.padEnd(11).slice(0, 11), 71, 'latin1');
  sector.write('FAT32   ', 82, 'latin1');
  sector.set(signature, 510);
  return sector;
}

/** The second sector of the volume: how many clusters are free, and where to look for one. */
export function informationSector(freeClusters: number, nextFree: number): Buffer {
  const sector = Buffer.alloc(sectorBytes);
  sector.writeUInt32LE(0x41615252, 0);
  sector.writeUInt32LE(0x61417272, 484);
  sector.writeUInt32LE(freeClusters, 488);
  sector.writeUInt32LE(nextFree, 492);
  sector.set(signature, 510);
  return sector;
}
