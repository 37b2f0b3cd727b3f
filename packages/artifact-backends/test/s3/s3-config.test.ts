import { ConfigurationError } from '@buildstate/core/light';
import { describe, expect, it } from 'vitest';
import { s3OptionsFromEnvironment } from '../../src/s3/index.ts';
import { parseS3Uri } from '../../src/s3/s3-location.ts';
import { resolveS3Options } from '../../src/s3/s3-options.ts';

describe('an s3:// URI', () => {
  it.each([
    ['s3://bucket', 'bucket', ''],
    ['s3://bucket/', 'bucket', ''],
    ['s3://bucket/a/b/', 'bucket', 'a/b'],
    ['s3://bucket/with%20blank', 'bucket', 'with blank'],
    ['s3://my.bucket-1/a', 'my.bucket-1', 'a'],
  ])('%s is bucket %s with prefix "%s"', (uri, bucket, prefix) => {
    expect(parseS3Uri(uri)).toMatchObject({ bucket, prefix });
  });

  it('sets endpoint, style, region and checksums', () => {
    const uri = 's3://bucket/p?endpoint=http://localhost:9000&style=virtual&region=eu-1&checksums=md5';
    expect(parseS3Uri(uri).options).toMatchObject({
      endpoint: 'http://localhost:9000',
      style: 'virtual',
      region: 'eu-1',
      checksums: 'md5',
    });
  });

  it.each([
    ['s3:///prefix', /bucket/],
    ['s3://key:secret@bucket/prefix', /credentials/],
    ['s3://bucket?secret=hunter2', /not "secret"/],
    ['s3://bucket?style=other', /style/],
    ['s3://bucket?encryption=rot13', /encryption/],
    ['s3://bucket?tag=novalue', /tag=team:images/],
    ['s3://bucket?endpoint=ftp://host', /http/],
    ['s3://bucket?endpoint=https://user:hunter2@host', /password/],
  ])('%s is refused', (uri, message) => {
    expect(() => parseS3Uri(uri)).toThrow(ConfigurationError);
    expect(() => parseS3Uri(uri)).toThrow(message);
    expect(() => parseS3Uri(uri)).not.toThrow(/hunter2/);
  });
});

describe('the environment', () => {
  it('sets nothing when it says nothing', () => {
    expect(Object.values(s3OptionsFromEnvironment({})).every((value) => value === undefined)).toBe(true);
  });

  it('of BuildState wins over that of AWS', () => {
    const env = {
      AWS_ENDPOINT_URL: 'http://a',
      AWS_ENDPOINT_URL_S3: 'http://b',
      BLDST_S3_ENDPOINT: 'http://c',
    };
    expect(s3OptionsFromEnvironment(env).endpoint).toBe('http://c');
    expect(s3OptionsFromEnvironment({ ...env, BLDST_S3_ENDPOINT: '' }).endpoint).toBe('http://b');
    expect(s3OptionsFromEnvironment({ AWS_ENDPOINT_URL: 'http://a' }).endpoint).toBe('http://a');
  });

  it('sets style, checksums and region', () => {
    const env = {
      BLDST_S3_FORCE_PATH_STYLE: 'false',
      BLDST_S3_CHECKSUMS: 'CRC32',
      AWS_DEFAULT_REGION: 'eu-1',
    };
    expect(s3OptionsFromEnvironment(env)).toMatchObject({
      style: 'virtual',
      checksums: 'crc32',
      region: 'eu-1',
    });
    expect(s3OptionsFromEnvironment({ BLDST_S3_FORCE_PATH_STYLE: '1' }).style).toBe('path');
  });

  it.each([
    [{ BLDST_S3_FORCE_PATH_STYLE: 'maybe' }, /BLDST_S3_FORCE_PATH_STYLE/],
    [{ BLDST_S3_CHECKSUMS: 'sha1' }, /BLDST_S3_CHECKSUMS/],
    [{ BLDST_S3_ENDPOINT: 'minio:9000' }, /BLDST_S3_ENDPOINT/],
    [{ AWS_ENDPOINT_URL_S3: 'nonsense' }, /AWS_ENDPOINT_URL_S3/],
  ])('is refused by name: %j', (env, message) => {
    expect(() => s3OptionsFromEnvironment(env)).toThrow(message);
  });
});

describe('defaults', () => {
  it('on AWS are its own: virtual style, CRC32, its region', () => {
    expect(resolveS3Options({})).toMatchObject({
      forcePathStyle: false,
      checksums: 'crc32',
      unsignedPayload: true,
      region: undefined,
    });
  });

  it('with a custom endpoint are what every store understands', () => {
    expect(resolveS3Options({ endpoint: 'https://minio' })).toMatchObject({
      forcePathStyle: true,
      checksums: 'none',
      unsignedPayload: true,
      region: 'us-east-1',
    });
  });

  it('sign bodies over plain HTTP, unless the store is on this machine', () => {
    expect(resolveS3Options({ endpoint: 'http://minio:9000' }).unsignedPayload).toBe(false);
    for (const host of ['localhost', '127.0.0.1:9000', '[::1]:9000']) {
      expect(resolveS3Options({ endpoint: `http://${host}` }).unsignedPayload).toBe(true);
    }
  });

  it('give way to what is set', () => {
    const set = { endpoint: 'https://r2', style: 'virtual', checksums: 'md5', payload: 'signed' } as const;
    expect(resolveS3Options(set)).toMatchObject({
      forcePathStyle: false,
      checksums: 'md5',
      unsignedPayload: false,
    });
  });
});

describe('how new objects are kept', () => {
  it('is said by the URI', () => {
    const uri =
      's3://bucket?class=STANDARD_IA&encryption=aws:kms&kmsKey=alias/images&tag=team:images&tag=a:b:c';
    expect(parseS3Uri(uri).options).toMatchObject({
      storageClass: 'STANDARD_IA',
      encryption: 'aws:kms',
      kmsKey: 'alias/images',
      tags: { team: 'images', a: 'b:c' },
    });
  });

  it('is said by the environment', () => {
    const env = {
      BLDST_S3_STORAGE_CLASS: 'GLACIER_IR',
      BLDST_S3_ENCRYPTION: 'AES256',
      BLDST_S3_KMS_KEY: 'key',
    };
    const options = { storageClass: 'GLACIER_IR', encryption: 'AES256', kmsKey: 'key' };
    expect(s3OptionsFromEnvironment(env)).toMatchObject(options);
    expect(() => s3OptionsFromEnvironment({ BLDST_S3_ENCRYPTION: 'rot13' })).toThrow(/BLDST_S3_ENCRYPTION/);
  });

  it('names a key of KMS only where KMS encrypts', () => {
    expect(resolveS3Options({ kmsKey: 'key' }).keeping).toEqual({
      ServerSideEncryption: 'aws:kms',
      SSEKMSKeyId: 'key',
    });
    expect(resolveS3Options({}).keeping).toEqual({});
    expect(() => resolveS3Options({ kmsKey: 'key', encryption: 'AES256' })).toThrow(ConfigurationError);
  });
});
