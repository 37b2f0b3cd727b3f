import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { stagePackage } from '../publish/stage.ts';
import { type PublicPackage, publicPackages, repositoryRoot } from '../repository.ts';
import { installedPackProblems } from './installed-packs.ts';
import { packedFileProblems } from './packed-files.ts';

const execute = promisify(execFile);

interface PackedFile {
  readonly path: string;
}

interface Tarball {
  readonly filename: string;
  readonly files: readonly PackedFile[];
}

async function pack(stage: string, into: string): Promise<Tarball> {
  const { stdout } = await execute('npm', ['pack', stage, '--json', '--pack-destination', into], {
    cwd: repositoryRoot,
    maxBuffer: 64 * 1024 * 1024,
  });
  const listing = JSON.parse(stdout) as Tarball[] | Record<string, Tarball>;
  const [tarball] = Object.values(listing);
  if (tarball === undefined) throw new Error(`npm pack said nothing about ${stage}`);
  return tarball;
}

async function publintProblems(tarballPath: string): Promise<string[]> {
  const bytes = readFileSync(tarballPath);
  const tarball = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  const { messages, pkg } = await publint({ pack: { tarball }, level: 'warning', strict: true });
  return messages.map((message) => `publint: ${formatMessage(message, pkg) ?? message.code}`);
}

async function typeProblems(tarballPath: string): Promise<string[]> {
  const options = [
    '--profile',
    'esm-only',
    '--no-definitely-typed',
    '--format',
    'ascii',
    '--no-emoji',
    '--no-color',
  ];
  try {
    await execute('attw', [tarballPath, ...options, '--exclude-entrypoints', './package.json']);
    return [];
  } catch (error) {
    return [`attw: ${(error as { stdout?: string }).stdout ?? String(error)}`];
  }
}

interface PackResult {
  readonly path: string;
  readonly problems: readonly string[];
}

async function checkPack(entry: PublicPackage, into: string): Promise<PackResult> {
  const stage = stagePackage(entry);
  const tarball = await pack(stage, into);
  const path = join(into, tarball.filename);
  const problems = [
    ...packedFileProblems(tarball.files.map((file) => file.path)),
    ...(await publintProblems(path)),
    ...(await typeProblems(path)),
  ];
  return { path, problems: problems.map((problem) => `${entry.manifest.name}: ${problem}`) };
}

/**
 * Packs every public package as it would be published and looks at the tarballs: their files, their manifest
 * (publint), how TypeScript resolves them from outside (attw), and whether they work where they are installed
 * together in an empty folder. The packages must have been built.
 *
 * @returns one sentence for each problem
 */
export async function checkPacks(): Promise<string[]> {
  const into = mkdtempSync(join(tmpdir(), 'buildstate-packs-'));
  try {
    const results: PackResult[] = [];
    for (const entry of publicPackages()) results.push(await checkPack(entry, into));
    const installed = await installedPackProblems(
      results.map(({ path }) => path),
      join(into, 'installed'),
    );
    return [...results.flatMap(({ problems }) => problems), ...installed];
  } finally {
    rmSync(into, { recursive: true, force: true });
  }
}
