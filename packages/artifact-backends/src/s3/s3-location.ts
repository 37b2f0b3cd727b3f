import { ConfigurationError } from '@buildstate/core/light';
import { checkEndpoint, oneOf } from '../uri-parameters.ts';
import type { S3Checksums, S3Encryption, S3Options } from './s3-options.ts';

/** What an `s3://` URI says. */
export interface S3Location {
  readonly bucket: string;
  /** Keys are below it. Without slashes at its ends; empty for the whole bucket. */
  readonly prefix: string;
  /** What its query parameters set. */
  readonly options: S3Options;
}

const parameters = new Set([
  'endpoint',
  'style',
  'region',
  'checksums',
  'class',
  'encryption',
  'kmsKey',
  'tag',
]);

/** The ways of encrypting that S3 knows. */
export const encryptions: readonly S3Encryption[] = ['AES256', 'aws:kms', 'aws:kms:dsse'];

/** `tag=name:value`, as often as there are tags. */
function tagsOf(uri: URL): S3Options['tags'] {
  const pairs = uri.searchParams.getAll('tag').map((text) => {
    const [name = '', ...value] = text.split(':');
    if (name !== '' && value.length > 0) return [name, value.join(':')] as const;
    throw new ConfigurationError(`"tag=${text}" of an s3:// URI must be like tag=team:images.`);
  });
  return pairs.length === 0 ? undefined : Object.fromEntries(pairs);
}

/**
 * Reads `s3://bucket/prefix?endpoint=https://…&style=path&region=…&checksums=none`, and for new objects
 * `class=STANDARD_IA`, `encryption=AES256|aws:kms|aws:kms:dsse`, `kmsKey=…` and `tag=name:value`.
 * @throws ConfigurationError for other parameters, and for credentials, which do not belong into a URI
 */
export function parseS3Uri(text: string): S3Location {
  const uri = new URL(text);
  if (uri.hostname === '') throw new ConfigurationError('An s3:// URI needs a bucket: s3://bucket/prefix.');
  if (uri.username !== '' || uri.password !== '') {
    throw new ConfigurationError(
      'An s3:// URI must not hold credentials. Set AWS_ACCESS_KEY_ID or a profile.',
    );
  }
  const unknown = [...uri.searchParams.keys()].find((name) => !parameters.has(name));
  if (unknown !== undefined) {
    throw new ConfigurationError(`An s3:// URI knows ${[...parameters].join(', ')}, but not "${unknown}".`);
  }
  const endpoint = uri.searchParams.get('endpoint');
  return {
    bucket: uri.host,
    prefix: decodeURIComponent(uri.pathname).replace(/^\/+|\/+$/g, ''),
    options: {
      endpoint: endpoint === null ? undefined : checkEndpoint(endpoint, 'The "endpoint" of an s3:// URI'),
      region: uri.searchParams.get('region') ?? undefined,
      style: oneOf(uri, 'style', ['path', 'virtual']),
      checksums: oneOf<S3Checksums>(uri, 'checksums', ['none', 'crc32', 'md5']),
      storageClass: uri.searchParams.get('class') ?? undefined,
      encryption: oneOf<S3Encryption>(uri, 'encryption', encryptions),
      kmsKey: uri.searchParams.get('kmsKey') ?? undefined,
      tags: tagsOf(uri),
    },
  };
}
