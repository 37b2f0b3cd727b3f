import { readFileSync, type StatsFs, statfsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { isErrorWithCode } from './error-code.ts';
import { fuseSubtype } from './mount-table.ts';

/** What is asked of the system, so that tests can answer for it. */
export interface FileSystemProbe {
  /** `statfs` of an existing path. */
  readonly statfs: (path: string) => Pick<StatsFs, 'type'>;
  /** The text of `/proc/self/mountinfo`, or empty where there is none. */
  readonly mountTable: () => string;
}

/** File systems by their magic number: linux/magic.h, statfs(2), and the file systems' own headers. */
const names: ReadonlyMap<number, string> = new Map([
  [0xef53, 'ext4'],
  [0x58465342, 'xfs'],
  [0x9123683e, 'btrfs'],
  [0x2fc12fc1, 'zfs'],
  [0xf2f52010, 'f2fs'],
  [0x01021994, 'tmpfs'],
  [0x858458f6, 'ramfs'],
  [0x794c7630, 'overlay'],
  [0x4d44, 'vfat'],
  [0x2011bab0, 'exfat'],
  [0x5346544e, 'ntfs'],
  [0x7366746e, 'ntfs3'],
  [0xca451a4e, 'bcachefs'],
  [0x65735546, 'fuse'],
  [0x6969, 'nfs'],
  [0x517b, 'smb'],
  [0xff534d42, 'cifs'],
  [0xfe534d42, 'smb2'],
  [0x01021997, '9p'],
  [0x00c36400, 'ceph'],
  [0x5346414f, 'afs'],
  [0x6b414653, 'kafs'],
  [0x01161970, 'gfs2'],
  [0x7461636f, 'ocfs2'],
  [0x0bd00bd0, 'lustre'],
  [0x19830326, 'beegfs'],
  [0x47504653, 'gpfs'],
  [0x73757245, 'coda'],
  [0x564c, 'ncp'],
  [0x786f4256, 'vboxsf'],
  [0xbacbacbc, 'vmhgfs'],
]);

/** Shared between machines, or between a machine and its host: locks and shared memory cannot be relied on. */
const network = new Set([
  ...['nfs', 'smb', 'cifs', 'smb2', '9p', 'ceph', 'afs', 'kafs', 'gfs2', 'ocfs2', 'lustre', 'beegfs', 'gpfs'],
  ...['coda', 'ncp', 'vboxsf', 'vmhgfs'],
]);

/** FUSE file systems that only ever sit on a local disk. Any other one may be remote, and counts as such. */
const localFuse = new Set(['fuseblk', 'fuse-overlayfs', 'ntfs-3g', 'exfat', 'exfat-fuse', 'squashfuse']);

function readMountTable(): string {
  try {
    return readFileSync('/proc/self/mountinfo', 'utf8');
  } catch (error) {
    if (isErrorWithCode(error, 'ENOENT', 'EACCES')) return '';
    throw error;
  }
}

const system: FileSystemProbe = { statfs: (path) => statfsSync(path), mountTable: readMountTable };

/** `statfs` of the path, or of the nearest folder above it that exists. */
function magicNumber(path: string, probe: FileSystemProbe): number {
  try {
    return probe.statfs(path).type >>> 0;
  } catch (error) {
    const above = dirname(path);
    if (!isErrorWithCode(error, 'ENOENT', 'ENOTDIR') || above === path) throw error;
    return magicNumber(above, probe);
  }
}

/**
 * The kind of file system that a path is on, or will be on once it exists: `ext4`, `nfs`, `fuse.sshfs`, or the
 * magic number in hexadecimal when it is not known. `unknown` where the system has no such numbers (macOS,
 * Windows).
 * @throws the system's error when even the root cannot be asked
 */
export function fileSystemType(path: string, probe: FileSystemProbe = system): string {
  if (probe === system && process.platform !== 'linux') return 'unknown';
  const absolute = resolve(path);
  const magic = magicNumber(absolute, probe);
  const name = names.get(magic) ?? `0x${magic.toString(16)}`;
  return name === 'fuse' ? fuseSubtype(absolute, probe.mountTable()) : name;
}

/**
 * Whether a path is on a file system that several machines may share, where databases must not live.
 * A FUSE file system counts unless it is known to be local; unknown kinds do not.
 */
export function isNetworkFileSystem(path: string, probe: FileSystemProbe = system): boolean {
  const type = fileSystemType(path, probe);
  if (type === 'virtiofs' || type === 'fuse') return true;
  if (type.startsWith('fuse.')) return !localFuse.has(type.slice('fuse.'.length));
  return network.has(type);
}
