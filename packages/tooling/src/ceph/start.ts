import { execFile } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const script = fileURLToPath(new URL('../../servers/ceph-rgw.sh', import.meta.url));

/** Where a running S3 server is and how to sign requests to it. */
export interface S3Access {
  /** For example `http://127.0.0.1:24100`. */
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly region: string;
}

/** An S3 server of one's own; whoever started it stops it. */
export interface CephRgw extends S3Access {
  /** Ends its processes and removes their files. */
  stop(): Promise<void>;
}

function variable(output: string, name: string): string {
  const value = new RegExp(`\\b${name}=(\\S+)`).exec(output)?.[1];
  if (value === undefined) throw new Error(`ceph-rgw.sh did not print ${name}: ${output}`);
  return value;
}

/**
 * Starts a Ceph RADOS gateway with an empty store in memory on a free loopback port; takes about 13 s. It also
 * stops when this process ends without having stopped it.
 *
 * @throws {Error} when Ceph is not installed or does not come up; the message holds the end of its log
 */
export async function startCephRgw(): Promise<CephRgw> {
  const folder = mkdtempSync(join(tmpdir(), 'buildstate-ceph-'));
  const { stdout } = await execute(script, ['start', folder, String(process.pid)], { timeout: 120_000 });
  return {
    endpoint: variable(stdout, 'S3_ENDPOINT'),
    accessKeyId: variable(stdout, 'AWS_ACCESS_KEY_ID'),
    secretAccessKey: variable(stdout, 'AWS_SECRET_ACCESS_KEY'),
    region: variable(stdout, 'AWS_REGION'),
    async stop() {
      await execute(script, ['stop', folder], { timeout: 30_000 });
    },
  };
}
