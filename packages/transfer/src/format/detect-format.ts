import { hasMagic, uint32, uint64 } from './bytes.ts';
import type { FormatFacts } from './image-format.ts';

/** The first bytes of a file that are looked at: enough for the volume descriptor of an ISO 9660 image. */
export const headBytes = 64 * 1024;
/** The last bytes of a file that are looked at: the footer of a VHD. */
export const tailBytes = 512;

const sectorBytes = 512;

/** The bytes that tell, and the size of the whole file. */
interface Sample {
  readonly head: Uint8Array;
  readonly tail: Uint8Array;
  readonly sizeBytes: number;
}

type Detector = (sample: Sample) => FormatFacts | undefined;

/** QEMU's docs/interop/qcow2.txt: "QFI\xfb", size at byte 24, big endian. */
const qcow2: Detector = ({ head }) =>
  hasMagic(head, 0, 'QFI\xfb') ? { format: 'qcow2', virtualSizeBytes: uint64(head, 24, false) } : undefined;

/** VMware Virtual Disk Format 5.0: sparse extents hold their capacity in sectors at byte 12, little endian. */
const sparseVmdk: Detector = ({ head }) => {
  if (!hasMagic(head, 0, 'KDMV')) return undefined;
  const sectors = uint64(head, 12, true);
  return { format: 'vmdk', virtualSizeBytes: sectors === undefined ? undefined : sectors * sectorBytes };
};

/** A VMDK that is only a text: extents such as `RW 4192256 FLAT "disk-flat.vmdk" 0`, sizes in sectors. */
const vmdkDescriptor: Detector = ({ head }) => {
  if (!hasMagic(head, 0, '# Disk DescriptorFile')) return undefined;
  const text = new TextDecoder().decode(head);
  const extents = [...text.matchAll(/^(?:RW|RDONLY|NOACCESS) (\d{1,15}) /gm)];
  const sectors = extents.reduce((sum, extent) => sum + Number(extent[1]), 0);
  return { format: 'vmdk', virtualSizeBytes: sectors > 0 ? sectors * sectorBytes : undefined };
};

/** Microsoft's VHD specification: the footer is also at the start of dynamic disks; its size field is at 48. */
const vhd: Detector = ({ head, tail }) => {
  const footer = [head, tail].find((bytes) => hasMagic(bytes, 0, 'conectix'));
  return footer && { format: 'vhd', virtualSizeBytes: uint64(footer, 48, false) };
};

const vhdx: Detector = ({ head }) => (hasMagic(head, 0, 'vhdxfile') ? { format: 'vhdx' } : undefined);

/** VirtualBox: signature at byte 64, disk size at byte 368, little endian. */
const vdi: Detector = ({ head }) =>
  uint32(head, 64, true) === 0xbeda107f
    ? { format: 'vdi', virtualSizeBytes: uint64(head, 368, true) }
    : undefined;

function compressed(format: 'gzip' | 'zstd' | 'xz' | 'bzip2', magic: string): Detector {
  return ({ head }) => (hasMagic(head, 0, magic) ? { format, compression: format } : undefined);
}

const tar: Detector = ({ head }) => (hasMagic(head, 257, 'ustar') ? { format: 'tar' } : undefined);

/** ECMA-119: the first volume descriptor is in sector 16 of 2,048 bytes. */
const iso: Detector = ({ head }) => (hasMagic(head, 32_769, 'CD001') ? { format: 'iso' } : undefined);

/** Disks begin with a GPT or an MBR (signature at byte 510), ext2 to ext4 have theirs at byte 1,080, XFS at 0. */
const raw: Detector = ({ head, sizeBytes }) => {
  const marks: readonly (readonly [number, string])[] = [
    [512, 'EFI PART'],
    [510, '\x55\xaa'],
    [1080, '\x53\xef'],
    [0, 'XFSB'],
  ];
  const known = marks.some(([offset, magic]) => hasMagic(head, offset, magic));
  return known ? { format: 'raw', virtualSizeBytes: sizeBytes } : undefined;
};

const detectors: readonly Detector[] = [
  qcow2,
  sparseVmdk,
  vmdkDescriptor,
  vhd,
  vhdx,
  vdi,
  compressed('gzip', '\x1f\x8b'),
  compressed('zstd', '\x28\xb5\x2f\xfd'),
  compressed('xz', '\xfd7zXZ\x00'),
  compressed('bzip2', 'BZh'),
  tar,
  iso,
  raw,
];

/**
 * Tells the kind of a file from its first `headBytes` and last `tailBytes`. Answers `{}` for bytes that tell
 * nothing; never throws, whatever the bytes are.
 */
export function detectFormat(sample: Sample): FormatFacts {
  for (const detect of detectors) {
    const facts = detect(sample);
    if (facts !== undefined) return facts;
  }
  return {};
}
