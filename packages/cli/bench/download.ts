import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connect } from '@buildstate/client';
import { startCephRgw } from '@buildstate/tooling/ceph-rgw';
import { measured, type Taken } from './support/measured.ts';

// A verified download through the whole command line, process start included, beside rclone followed by
// `openssl dgst -sha256`, aws-cli, and rclone alone. From the same server, in turns; medians. Usage:
// `npm run bench -- cli/bench/download [rounds] [MiB] [plain|tls|ceph …]`.

const [roundsText = '5', mebibytes = '1024', ...wanted] = process.argv.slice(2);
const rounds = Number(roundsText);
const size = Number(mebibytes) * 1024 * 1024;
const bin = fileURLToPath(new URL('../bin/bldst.cjs', import.meta.url));
const serve = fileURLToPath(new URL('support/serve-object.ts', import.meta.url));
const home = mkdtempSync(join(tmpdir(), 'bldst-bench-download-'));
const target = join(home, 'fetched');

/** A place to download from. */
interface Place {
  readonly name: string;
  readonly endpoint: string;
  readonly sha256: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** The certificate to trust. */
  readonly certificate?: string;
  stop(): Promise<void>;
}

function need(program: string, ...args: readonly string[]): string {
  try {
    return (
      execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).split('\n')[0] ??
      ''
    );
  } catch {
    throw new Error(`This bench compares with ${program}. On Debian: apt-get install rclone awscli openssl`);
  }
}

async function served(name: string, files: readonly string[] = []): Promise<Place> {
  const child = spawn(process.execPath, [serve, String(size), ...files], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const { port, sha256 } = JSON.parse(line.toString()) as { port: number; sha256: string };
  const scheme = files.length > 0 ? 'https' : 'http';
  const [, certificate] = files;
  return {
    name,
    endpoint: `${scheme}://127.0.0.1:${port}`,
    sha256,
    accessKeyId: 'bench',
    secretAccessKey: 'bench-secret',
    ...(certificate !== undefined && { certificate }),
    async stop() {
      child.kill();
      await once(child, 'exit');
    },
  };
}

async function servedOverTls(): Promise<Place> {
  const [key, cert] = [join(home, 'key.pem'), join(home, 'cert.pem')];
  const subject = ['-subj', '/CN=bench', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '2'];
  const made = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', cert, ...subject];
  execFileSync('openssl', made, { stdio: 'ignore' });
  return await served('over TLS', [key, cert]);
}

/** The same object in Ceph, copied from the serving process. */
async function ceph(): Promise<Place> {
  const [gateway, source] = [await startCephRgw(), await served('source')];
  const place = { ...gateway, name: 'Ceph RGW', sha256: source.sha256, stop: () => gateway.stop() };
  const env = { ...environment(place), RCLONE_CONFIG_A_TYPE: 's3', RCLONE_CONFIG_A_PROVIDER: 'Other' };
  const from = {
    RCLONE_CONFIG_A_ENDPOINT: source.endpoint,
    RCLONE_CONFIG_A_ACCESS_KEY_ID: 'a',
    RCLONE_CONFIG_A_SECRET_ACCESS_KEY: 'b',
  };
  execFileSync('aws', ['s3', 'mb', 's3://bench', '--endpoint-url', gateway.endpoint], {
    env,
    stdio: 'ignore',
  });
  execFileSync('rclone', ['copyto', 'A:bench/object', 'B:bench/object'], {
    env: { ...env, ...from },
    stdio: 'inherit',
  });
  await source.stop();
  return place;
}

function environment({
  endpoint,
  accessKeyId,
  secretAccessKey,
  certificate,
}: Omit<Place, 'stop'>): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    HOME: home,
    BLDST_TRACKER: join(home, 'tracker'),
    BLDST_S3_ENDPOINT: endpoint,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_REGION: 'us-east-1',
    RCLONE_CONFIG: '/dev/null',
    RCLONE_CONFIG_B_TYPE: 's3',
    RCLONE_CONFIG_B_PROVIDER: 'Other',
    RCLONE_CONFIG_B_ENDPOINT: endpoint,
    RCLONE_CONFIG_B_ACCESS_KEY_ID: accessKeyId,
    RCLONE_CONFIG_B_SECRET_ACCESS_KEY: secretAccessKey,
    ...(certificate !== undefined && { NODE_EXTRA_CA_CERTS: certificate, RCLONE_CA_CERT: certificate }),
  };
}

/** Registers the object, as if a build had stored it. Answers the build's id. */
async function registered(place: Place, env: NodeJS.ProcessEnv): Promise<string> {
  await using client = await connect(env.BLDST_TRACKER, { env });
  const { id } = await client.builds.create({ project: 'bench' });
  await client.artifacts.register(id, {
    stateCode: 10,
    artifactName: 'object',
    artifactType: 'raw',
    artifactPath: 's3://bench/object',
    storageBackend: 's3',
    storageBucket: 'bench',
    storageKey: 'object',
    sizeBytes: size,
    checksum: place.sha256,
    checksumAlgorithm: 'sha256',
  });
  return id;
}

type Variant = () => Promise<Taken>;

function variants(place: Place, build: string, env: NodeJS.ProcessEnv): Readonly<Record<string, Variant>> {
  const rclone = () => measured('rclone', ['copyto', 'B:bench/object', target], env);
  const openssl = () => measured('openssl', ['dgst', '-sha256', target], env);
  const words = ['artifact', 'download', build, 'object', target, '--progress', 'none'];
  const aws = ['s3', 'cp', 's3://bench/object', target, '--endpoint-url', place.endpoint, '--no-progress'];
  const bundle = place.certificate === undefined ? {} : { AWS_CA_BUNDLE: place.certificate };
  return {
    'bldst artifact download': () => measured(process.execPath, [bin, ...words], env),
    'rclone, then openssl dgst': async () => {
      const [copied, hashed] = [await rclone(), await openssl()];
      return {
        seconds: copied.seconds + hashed.seconds,
        cpuSeconds: copied.cpuSeconds + hashed.cpuSeconds,
        peakMiB: Math.max(copied.peakMiB, hashed.peakMiB),
      };
    },
    'aws s3 cp': () => measured('aws', aws, { ...env, ...bundle }),
    'rclone, unverified': rclone,
  };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

async function compare(place: Place): Promise<void> {
  const env = environment(place);
  const all = variants(place, await registered(place, env), env);
  const taken = new Map(Object.keys(all).map((name) => [name, [] as Taken[]]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, run] of Object.entries(all)) {
      taken.get(name)?.push(await run());
      rmSync(target);
    }
  }
  const ours = median((taken.get('bldst artifact download') ?? []).map(({ seconds }) => seconds));
  const perGiB = 1024 ** 3 / size;
  console.log(`\n${place.name}, ${mebibytes} MiB, ${rounds} rounds`);
  for (const [name, runs] of taken) {
    const seconds = median(runs.map((run) => run.seconds));
    const cpu = median(runs.map((run) => run.cpuSeconds)) * perGiB;
    const peak = Math.max(...runs.map((run) => run.peakMiB));
    const figures = `${seconds.toFixed(2)} s, ${cpu.toFixed(2)} CPU s per GiB, ${peak.toFixed(0)} MiB`;
    console.log(`${name}: ${figures}; bldst takes ${(ours / seconds).toFixed(2)} of it`);
  }
}

const places: Readonly<Record<string, () => Promise<Place>>> = {
  plain: () => served('a serving process'),
  tls: servedOverTls,
  ceph,
};
console.log([need('rclone', 'version'), need('aws', '--version'), need('openssl', 'version')].join('; '));
try {
  for (const [name, open] of Object.entries(places)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const place = await open();
    try {
      await compare(place);
    } finally {
      await place.stop();
    }
  }
} finally {
  rmSync(home, { recursive: true });
}
