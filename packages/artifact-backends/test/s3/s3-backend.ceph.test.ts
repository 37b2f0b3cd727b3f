import { randomUUID } from 'node:crypto';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { describeArtifactBackend } from '@buildstate/conformance/backend';
import { sharedCephRgw } from '@buildstate/tooling/ceph-rgw-shared';
import { beforeAll } from 'vitest';
import { openS3Backend, type S3Options } from '../../src/s3/index.ts';

const bucket = `backends-${randomUUID()}`;
let access: Awaited<ReturnType<typeof sharedCephRgw>>;

beforeAll(async () => {
  access = await sharedCephRgw();
  const { endpoint, region, ...credentials } = access;
  const client = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  client.destroy();
});

function describeProfile(name: string, options: S3Options): void {
  describeArtifactBackend(
    `Ceph's S3 gateway, ${name}`,
    async () => {
      const { endpoint, region, ...credentials } = access;
      const uri = `s3://${bucket}/${randomUUID()}`;
      const open = () => openS3Backend(uri, { ...options, endpoint, region, credentials });
      const cleanup = async () => {
        const backend = await open();
        for await (const { key } of backend.list('')) await backend.delete(key);
        await backend.close();
      };
      return { backend: await open(), reopen: open, cleanup };
    },
    { conditionalPut: true, resumableUploads: true },
  );
}

describeProfile('as it is used by default', {});
describeProfile('with MD5 and signed payloads', { checksums: 'md5', payload: 'signed' });
