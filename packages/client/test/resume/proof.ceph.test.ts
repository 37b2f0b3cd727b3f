import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { sharedCephRgw } from '@buildstate/tooling/ceph-rgw-shared';
import { afterEach, beforeAll, beforeEach, describe, vi } from 'vitest';
import { connect } from '../../src/index.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { type ProofSetting, proofCases } from './proof-cases.ts';

const bucket = `proof-${randomUUID()}`;
let s3: S3Client;
let setting: ProofSetting;

beforeAll(async () => {
  const { endpoint, region, ...credentials } = await sharedCephRgw();
  s3 = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  vi.stubEnv('AWS_ENDPOINT_URL_S3', endpoint);
  vi.stubEnv('AWS_REGION', region);
  vi.stubEnv('AWS_ACCESS_KEY_ID', credentials.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', credentials.secretAccessKey);
  return () => {
    vi.unstubAllEnvs();
    s3.destroy();
  };
});

function objectAt(artifactPath: string) {
  return { Bucket: bucket, Key: artifactPath.replace(`s3://${bucket}/`, '') };
}

async function flip(artifactPath: string) {
  const found = await s3.send(new GetObjectCommand(objectAt(artifactPath)));
  const bytes = Buffer.from((await found.Body?.transformToByteArray()) ?? []);
  bytes[35_000] = (bytes[35_000] ?? 0) ^ 1;
  await s3.send(new PutObjectCommand({ ...objectAt(artifactPath), Body: bytes }));
}

describe('proof before resume, with a local store and artifacts on a real S3 server', () => {
  beforeEach(async () => {
    const folder = temporaryFolder();
    const client = await connect(`sqlite://${join(folder, 'store')}`, {
      env: { ...process.env, HOME: folder },
      spoolFolder: join(folder, 'spool'),
    });
    setting = {
      client,
      to: `s3://${bucket}/artifacts`,
      flip,
      remove: async (path) => {
        await s3.send(new DeleteObjectCommand(objectAt(path)));
      },
    };
  });
  afterEach(() => setting.client.close());

  proofCases(() => setting);
});
