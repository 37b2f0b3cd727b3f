import { randomBytes } from 'node:crypto';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteObserver } from '../../src/format/byte-observer.ts';
import { detectFormat, headBytes, tailBytes } from '../../src/index.ts';
import { crypto, sha256 } from '../tools.ts';

const gibibyte = 1024 ** 3;

function facts(bytes: Uint8Array) {
  return detectFormat({
    head: bytes.subarray(0, headBytes),
    tail: bytes.subarray(-tailBytes),
    sizeBytes: bytes.length,
  });
}

function image(size: number, ...patches: readonly (readonly [number, string | Buffer])[]): Buffer {
  const bytes = Buffer.alloc(size);
  for (const [at, patch] of patches) Buffer.from(patch as string, 'latin1').copy(bytes, at);
  return bytes;
}

function big(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}

function little(value: number): Buffer {
  return Buffer.from(big(value).toReversed());
}

describe('the format of a file', () => {
  it.each([
    [
      'qcow2',
      image(600, [0, 'QFI\xfb'], [24, big(7 * gibibyte)]),
      { format: 'qcow2', virtualSizeBytes: 7 * gibibyte },
    ],
    [
      'a sparse VMDK',
      image(600, [0, 'KDMV'], [12, little(2048)]),
      { format: 'vmdk', virtualSizeBytes: 2048 * 512 },
    ],
    [
      'a VMDK descriptor',
      Buffer.from('# Disk DescriptorFile\nversion=1\nRW 100 FLAT "a" 0\nRW 28 SPARSE "b"\n'),
      { format: 'vmdk', virtualSizeBytes: 128 * 512 },
    ],
    [
      'a dynamic VHD',
      image(2000, [0, 'conectix'], [48, big(gibibyte)]),
      { format: 'vhd', virtualSizeBytes: gibibyte },
    ],
    [
      'a fixed VHD',
      image(70_000, [70_000 - 512, 'conectix'], [70_000 - 512 + 48, big(gibibyte)]),
      { format: 'vhd', virtualSizeBytes: gibibyte },
    ],
    ['VHDX', image(600, [0, 'vhdxfile']), { format: 'vhdx' }],
    [
      'VDI',
      image(600, [64, '\x7f\x10\xda\xbe'], [368, little(gibibyte)]),
      { format: 'vdi', virtualSizeBytes: gibibyte },
    ],
    ['gzip', gzipSync('text'), { format: 'gzip', compression: 'gzip' }],
    ['zstd', zstdCompressSync('text'), { format: 'zstd', compression: 'zstd' }],
    ['xz', image(20, [0, '\xfd7zXZ\x00']), { format: 'xz', compression: 'xz' }],
    ['bzip2', image(20, [0, 'BZh9']), { format: 'bzip2', compression: 'bzip2' }],
    ['tar', image(1024, [257, 'ustar']), { format: 'tar' }],
    ['ISO 9660', image(40_000, [32_769, 'CD001']), { format: 'iso' }],
    ['a disk with an MBR', image(5000, [510, '\x55\xaa']), { format: 'raw', virtualSizeBytes: 5000 }],
    ['a disk with a GPT', image(5000, [512, 'EFI PART']), { format: 'raw', virtualSizeBytes: 5000 }],
    ['an ext4 partition', image(5000, [1080, '\x53\xef']), { format: 'raw', virtualSizeBytes: 5000 }],
  ])('is told for %s', (_, bytes, expected) => {
    expect(facts(bytes)).toEqual(expected);
  });

  it('is not guessed for texts, zeros and short files', () => {
    for (const bytes of [Buffer.from('text'), Buffer.alloc(100_000), Buffer.of(), Buffer.from('QFI')]) {
      expect(facts(bytes)).toEqual({});
    }
  });

  it('leaves out a size that no file can have', () => {
    const bytes = image(600, [0, 'QFI\xfb'], [24, Buffer.alloc(8, 0xff)]);
    expect(facts(bytes)).toEqual({ format: 'qcow2', virtualSizeBytes: undefined });
  });

  it('never throws, whatever the bytes are', () => {
    const magics = ['QFI\xfb', 'KDMV', '# Disk DescriptorFile', 'conectix', 'vhdxfile', ''];
    fc.assert(
      fc.property(fc.constantFrom(...magics), fc.uint8Array({ maxLength: 600 }), (magic, rest) => {
        facts(Buffer.concat([Buffer.from(magic, 'latin1'), rest]));
      }),
    );
  });
});

describe('an observer', () => {
  it('sees the same in chunks of any size', () => {
    const bytes = Buffer.concat([
      randomBytes(headBytes + 3000),
      image(512, [0, 'conectix'], [48, big(gibibyte)]),
    ]);
    bytes.fill(0, 0, 2000);
    const sizes = fc.array(fc.integer({ min: 1, max: 40_000 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(sizes, (chunks) => {
        const observer = new ByteObserver(crypto);
        for (let at = 0, index = 0; at < bytes.length; index += 1) {
          const size = chunks[index % chunks.length] ?? 1;
          observer.observe(bytes.subarray(at, at + size));
          at += size;
        }
        expect(observer.result()).toEqual({
          sha256: sha256(bytes),
          sizeBytes: bytes.length,
          format: 'vhd',
          virtualSizeBytes: gibibyte,
        });
      }),
      { numRuns: 40 },
    );
  });
});
