import { describe, expect, it } from 'vitest';
import {
  type ArtifactReference,
  artifactFingerprint,
  canonicalBackend,
  checkPlace,
  parseChecksum,
  placeWarnings,
  ValidationError,
} from '../../src/index.ts';

const sha256 = 'AB'.repeat(32);
const md5 = 'd41d8cd98f00b204e9800998ecf8427e';

describe('names of stores', () => {
  it.each([
    [['azure-blob', 'azure_blob', 'azure', 'Azure'], 'azure-blob'],
    [['s3', 'aws_s3', 'S3'], 's3'],
    [['gcs', 'gcp_storage', 'gcp'], 'gcs'],
    [['Some NAS'], 'some nas'],
    [['constructor'], 'constructor'],
  ])('%j are understood as %s', (spellings, name) => {
    expect([...new Set(spellings.map(canonicalBackend))]).toEqual([name]);
  });

  it('are refused with the scheme of another store, and left alone otherwise', () => {
    for (const [type, path] of [
      ['s3', 'gs://b/k'],
      ['azure', 's3://b/k'],
      ['gcp', 'FILE:///x'],
      ['local', 'azure-blob://a/c/k'],
    ] as const) {
      expect(() => checkPlace(type, path, 'artifact_path'), `${type} ${path}`).toThrow(ValidationError);
    }
    for (const [type, path] of [
      ['aws_s3', 's3://b/k'],
      ['s3', 'https://b.s3.amazonaws.com/k'],
      ['constructor', 's3://b/k'],
      ['ami', 'ami-0abc'],
      ['Some NAS', 's3://b/k'],
      ['s3', 'images/k'],
    ] as const) {
      expect(() => checkPlace(type, path, 'artifact_path'), `${type} ${path}`).not.toThrow();
    }
  });
});

it('warns of paths that other machines cannot find, drive letters included', () => {
  expect(placeWarnings('s3://b/k')).toEqual([]);
  expect(placeWarnings('server:///k')).toEqual([]);
  for (const path of ['images/5.raw', '/var/images/5.raw', 'C:\\images\\5.raw']) {
    expect(placeWarnings(path)).toHaveLength(1);
  }
});

describe('checksums', () => {
  it.each([
    [`sha256:${sha256}`, { algorithm: 'sha256', hex: sha256.toLowerCase() }],
    [sha256, { algorithm: 'sha256', hex: sha256.toLowerCase() }],
    [`MD5:${md5}`, { algorithm: 'md5', hex: md5 }],
    [` ${md5}\n`, { algorithm: 'md5', hex: md5 }],
  ])('are read from %j', (text, checksum) => {
    expect(parseChecksum(text)).toEqual(checksum);
  });

  it.each(['', 'xyz', 'ab', `sha1:${'ab'.repeat(20)}`, `sha256:${md5}`, `md5:${sha256}`, `${sha256}0`])(
    'are refused as %j, with the field named',
    (text) => {
      expect(() => parseChecksum(text, 'artifact_checksum')).toThrow(/^artifact_checksum must be/);
    },
  );
});

it('takes references to the same bytes for one, however they are spelt', () => {
  const reference: ArtifactReference = {
    artifactStorageType: 'azure-blob',
    artifactStoragePath: 'azure-blob://a/c/k',
    artifactSizeBytes: 7,
    artifactChecksum: `sha256:${sha256}`,
    artifactMetadata: { a: 1 },
  };
  const same = { ...reference, artifactStorageType: 'azure', artifactChecksum: ` ${sha256.toLowerCase()}` };
  expect(artifactFingerprint(same)).toBe(artifactFingerprint(reference));
  for (const other of [{ artifactSizeBytes: 8 }, { artifactStoragePath: 'x' }, { artifactChecksum: null }]) {
    expect(artifactFingerprint({ ...reference, ...other })).not.toBe(artifactFingerprint(reference));
  }
  expect(artifactFingerprint({ ...reference, artifactStoragePath: null })).toBeNull();
});
