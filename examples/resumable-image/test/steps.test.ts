import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { partitionStart, sectorBytes } from '../disk/geometry.ts';
import { Volume } from '../disk/volume.ts';
import { expectedSha256 } from '../expected.ts';

const example = dirname(import.meta.dirname);
let folder = '';

/** The steps of buildstate.yaml by hand: no bldst, no tracker, no transfer. */
function runAllSteps(): void {
  const step = (name: string) =>
    execFileSync(process.execPath, [join('steps', `${name}.ts`)], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  const copy = (from: string, to: string) =>
    copyFileSync(join(folder, 'output', from), join(folder, 'output', to));
  step('kickstart');
  step('base-image');
  copy('base.img', 'hardened.img');
  step('security-baseline');
  step('application');
  step('validate');
  copy('hardened.img', 'disk.img');
  step('deliver');
}

describe('the disk of the example', () => {
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'bldst-example-'));
    for (const part of ['disk', 'steps'])
      cpSync(join(example, part), join(folder, part), { recursive: true });
    runAllSteps();
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is the expected one, to the byte, when its steps are run one after the other', () => {
    const bytes = readFileSync(join(folder, 'output/disk.img'));
    expect(bytes.length).toBe(256 * 1024 * 1024);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(expectedSha256);
  });

  it('is a disk with one FAT32 partition', () => {
    const bytes = readFileSync(join(folder, 'output/disk.img')).subarray(
      0,
      (partitionStart + 8) * sectorBytes,
    );
    expect(bytes.readUInt16BE(510)).toBe(0x55aa);
    expect(bytes.readUInt8(450)).toBe(0x0c);
    const boot = bytes.subarray(partitionStart * sectorBytes);
    expect(boot.toString('latin1', 82, 90)).toBe('FAT32   ');
    // The copy of the boot sector that file system checkers compare.
    expect(boot.subarray(0, sectorBytes).equals(boot.subarray(6 * sectorBytes, 7 * sectorBytes))).toBe(true);
  });

  it('holds every file that its steps put there', () => {
    using volume = Volume.open(join(folder, 'output/disk.img'));
    const files = new Map(volume.files());
    expect(files.size).toBe(120 + 3 + 2);
    expect(files.get('ETC/SSHD.CNF')?.toString()).toContain('PermitRootLogin no');
    const application = readFileSync(join(folder, 'output/application.pkg'));
    expect(files.get('APP/APP.PKG')?.equals(application)).toBe(true);
    const sum = createHash('sha256').update(application).digest('hex');
    expect(files.get('APP/RELEASE.TXT')?.toString()).toBe(`application ${sum}\n`);
  });
});
