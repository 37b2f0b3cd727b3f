import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fileSystemType, isNetworkFileSystem } from '../../src/index.ts';

const table = [
  '22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw',
  '40 22 0:40 / /mnt/remote rw - fuse.sshfs host:/ rw',
  '41 22 0:41 / /mnt/with\\040blank rw - fuse.fuse-overlayfs fuse-overlayfs rw',
  '42 22 0:42 / /mnt/remote/inner rw - fuseblk /dev/sdb1 rw',
  '43 22 0:43 / /mnt/host rw - virtiofs shared rw',
].join('\n');

function probe(type: number) {
  return { statfs: () => ({ type }), mountTable: () => table };
}

describe('the kind of a file system', () => {
  it.each([
    [0xef53, 'ext4', false],
    [0x58465342, 'xfs', false],
    [0x01021994, 'tmpfs', false],
    [0x794c7630, 'overlay', false],
    [0x6969, 'nfs', true],
    [0x517b, 'smb', true],
    [0xff534d42, 'cifs', true],
    [0xff534d42 | 0, 'cifs', true],
    [0xfe534d42, 'smb2', true],
    [0x01021997, '9p', true],
    [0x00c36400, 'ceph', true],
    [0x12345678, '0x12345678', false],
  ])('0x%s is %s, shared: %s', (type, name, shared) => {
    expect(fileSystemType('/data', probe(type))).toBe(name);
    expect(isNetworkFileSystem('/data', probe(type))).toBe(shared);
  });

  it.each([
    ['/mnt/remote/db', 'fuse.sshfs', true],
    ['/mnt/remote/inner/db', 'fuse.fuseblk', false],
    ['/mnt/with blank/db', 'fuse.fuse-overlayfs', false],
    ['/mnt/host', 'virtiofs', true],
    ['/mnt/remotely/db', 'fuse', true],
  ])('FUSE at %s is %s, shared: %s', (path, name, shared) => {
    expect(fileSystemType(path, probe(0x65735546))).toBe(name);
    expect(isNetworkFileSystem(path, probe(0x65735546))).toBe(shared);
  });

  it('of a path that does not exist yet is that of the nearest folder above', () => {
    const asked: string[] = [];
    const statfs = (path: string) => {
      asked.push(path);
      if (path.startsWith('/data/new')) throw Object.assign(new Error('no'), { code: 'ENOENT' });
      return { type: 0x6969 };
    };
    expect(fileSystemType('/data/new/deep', { statfs, mountTable: () => '' })).toBe('nfs');
    expect(asked).toEqual(['/data/new/deep', '/data/new', '/data']);
  });

  it('does not hide other failures', () => {
    const statfs = () => {
      throw Object.assign(new Error('no'), { code: 'EACCES' });
    };
    expect(() => fileSystemType('/data', { statfs, mountTable: () => '' })).toThrow('no');
  });

  it('of the temporary folder is told by the real system', () => {
    expect(fileSystemType(join(tmpdir(), 'not', 'there'))).toMatch(/^[\w.-]+$/);
  });
});
