import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomFillSync } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Measured, measuredRun, median, needPrograms } from './support/measured-run.ts';

// `npm run bench -- cli/bench/upload [mebibytes] [rounds] [https]`: one file to an S3 server that keeps nothing, by
// bldst (with SHA-256 and registration), rclone (without checksums) and the AWS command line, whole processes, in turns.
// The server and all of them share this machine. Then a copy to a folder, against one pass of openssl over the file.

const [mebibytesText = '1024', roundsText = '5', scheme = 'http'] = process.argv.slice(2);
const mebibytes = Number(mebibytesText);
const bin = fileURLToPath(new URL('../bin/bldst.cjs', import.meta.url));
const serverProgram = fileURLToPath(new URL('support/discarding-s3.ts', import.meta.url));
needPrograms({ rclone: 'rclone', '/usr/bin/aws': 'awscli', '/usr/bin/time': 'time', openssl: 'openssl' });

const home = mkdtempSync(join(tmpdir(), 'buildstate-bench-upload-'));
const file = join(home, 'image.raw');
const keys = { AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret', AWS_REGION: 'us-east-1' };
const env: NodeJS.ProcessEnv = {
  PATH: process.env.PATH,
  HOME: home,
  ...keys,
  AWS_DEFAULT_REGION: 'us-east-1',
};

function writeImage(): void {
  const slice = Buffer.alloc(1024 * 1024);
  const descriptor = openSync(file, 'w');
  for (let written = 0; written < mebibytes; written += 1) writeSync(descriptor, randomFillSync(slice));
  closeSync(descriptor);
}

function certificate(): readonly [string, string] {
  const [key, cert] = [join(home, 'key.pem'), join(home, 'cert.pem')];
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const words = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', cert, ...subject];
  execFileSync('openssl', words, { stdio: 'ignore' });
  return [key, cert];
}

async function startServer(): Promise<readonly [ChildProcess, string]> {
  const files = scheme === 'https' ? certificate() : [];
  if (files[1] !== undefined) Object.assign(env, { NODE_EXTRA_CA_CERTS: files[1], AWS_CA_BUNDLE: files[1] });
  const child = spawn(process.execPath, [serverProgram, ...files], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [url] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string];
  return [child, url.trim()];
}

function rcloneWords(url: string, round: number): readonly string[] {
  const remote = `:s3,provider=Other,env_auth=true,endpoint='${url}',region=us-east-1:bucket/rclone-${round}.raw`;
  const sizes = ['--s3-chunk-size', '16M', '--s3-upload-concurrency', '4', '--s3-upload-cutoff', '16M'];
  const trust = scheme === 'https' ? ['--ca-cert', join(home, 'cert.pem')] : [];
  return [
    'rclone',
    'copyto',
    file,
    remote,
    '--s3-disable-checksum',
    '--s3-no-check-bucket',
    ...sizes,
    ...trust,
  ];
}

function bldst(...words: readonly string[]): readonly string[] {
  return [process.execPath, bin, ...words];
}

interface Variant {
  readonly name: string;
  readonly words: (round: number) => readonly string[];
}

function run(variants: readonly Variant[], rounds: number): ReadonlyMap<string, readonly Measured[]> {
  const all = new Map<string, Measured[]>(variants.map(({ name }) => [name, []]));
  // The first round warms the page cache and the caches of the programs.
  for (let round = 0; round <= rounds; round += 1) {
    for (const { name, words } of variants) {
      // rclone takes the variable for a file of its own format.
      const own = name === 'rclone' ? { ...env, AWS_CA_BUNDLE: undefined } : env;
      const measured = measuredRun(words(round), own);
      if (round > 0) all.get(name)?.push(measured);
    }
  }
  return all;
}

function print(
  results: ReadonlyMap<string, readonly Measured[]>,
  bars: Readonly<Record<string, number>>,
): void {
  const [first = ''] = results.keys();
  const of = (name: string, field: keyof Measured) =>
    median((results.get(name) ?? []).map((one) => one[field]));
  for (const name of results.keys()) {
    const seconds = of(name, 'seconds');
    const cpu = (of(name, 'cpuSeconds') * 1024) / mebibytes;
    const ratio = of(first, 'seconds') / seconds;
    const bar = bars[name] === undefined ? '' : ` (wanted: at most ${bars[name]})`;
    const against = name === first ? '' : `, ${first} is ${ratio.toFixed(2)} of it${bar}`;
    const memory = `${Math.round(of(name, 'peakMiB'))} MiB`;
    console.log(`${name}: ${seconds.toFixed(2)} s, ${cpu.toFixed(2)} CPU s per GiB, ${memory}${against}`);
  }
}

const [server, url] = await startServer();
try {
  writeImage();
  env.AWS_ENDPOINT_URL_S3 = url;
  env.BLDST_TRACKER = join(home, 'tracker.db');
  const rounds = Number(roundsText);
  measuredRun(bldst('build', 'create', '--project', 'bench', '--build-number', '1'), env);
  const upload = (to: string) => (round: number) =>
    bldst(
      'artifact',
      'upload',
      'bench:1',
      file,
      '--state',
      '10',
      '--name',
      `${to.slice(0, 2)}${round}`,
      '--to',
      to,
    );
  console.log(`${mebibytes} MiB over ${scheme}, ${rounds} rounds, medians`);
  const toS3 = [
    { name: 'bldst', words: upload('s3://bucket/bldst') },
    { name: 'rclone', words: (round: number) => rcloneWords(url, round) },
    {
      name: 'aws',
      words: () => [
        '/usr/bin/aws',
        '--endpoint-url',
        url,
        's3',
        'cp',
        '--quiet',
        file,
        's3://bucket/aws.raw',
      ],
    },
  ];
  print(run(toS3, rounds), { rclone: 0.6, aws: 0.5 });
  const store = join(home, 'store');
  mkdirSync(store);
  const toFolder = [
    { name: 'bldst to a folder', words: upload(`file://${store}`) },
    { name: 'openssl dgst', words: () => ['openssl', 'dgst', '-sha256', file] },
    { name: 'cp', words: () => ['cp', file, join(home, 'copy')] },
  ];
  print(run(toFolder, rounds), { 'openssl dgst': 1.15 });
} finally {
  server.kill();
  rmSync(home, { recursive: true, force: true });
}
