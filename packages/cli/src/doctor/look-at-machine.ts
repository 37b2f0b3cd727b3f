import { constants, existsSync, statfsSync, statSync } from 'node:fs';
import { access } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  type Environment,
  errorCode,
  fileSystemType,
  isNetworkFileSystem,
  userStateFolder,
} from '@buildstate/node-runtime';
import { credentialsPath } from '../connect/config-credentials.ts';
import { exitCodes } from '../errors/exit-codes.ts';
import { byteSize } from '../output/amounts.ts';
import { type Finding, findingsOf } from './finding.ts';

/** The oldest Node that `bldst` is made for. */
const oldestNode = [22, 18] as const;
/** Less room than this on a disk wants attention, in bytes. */
const littleRoom = 1024 ** 3;
const inMemory: ReadonlySet<string> = new Set(['tmpfs', 'ramfs']);

/** Whether this Node is new enough. @param version such as `v24.1.0` */
export function lookAtNode(version: string): Finding {
  const { ok, warn } = findingsOf('node');
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  const old = major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1]);
  if (!old) return ok(`Node ${version}.`);
  return warn(`Node ${version} is older than ${oldestNode.join('.')}, for which bldst is made.`);
}

/** Whether nobody else can read the stored keys. `undefined` where none are stored. */
export function lookAtKeyFile(env: Environment): Finding | undefined {
  const path = credentialsPath(env);
  if (!existsSync(path)) return undefined;
  const { ok, warn } = findingsOf('stored keys');
  // Windows keeps access lists instead of modes; what Node makes of them says nothing.
  const open = process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0;
  return open
    ? warn(`Other users of this machine can read ${path}.`, `chmod 600 ${path}`)
    : ok(`Only you can read ${path}.`);
}

function nearestExisting(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearestExisting(dirname(path));
}

/** Why a folder, or the one in which it would be made, cannot be written; `undefined` when it can. */
async function unwritable(folder: string): Promise<string | undefined> {
  const place = nearestExisting(folder);
  if (!statSync(place).isDirectory()) return 'ENOTDIR';
  try {
    await access(place, constants.W_OK);
    return undefined;
  } catch (error) {
    return errorCode(error) ?? String(error);
  }
}

/**
 * Whether reports can be kept on this machine while the tracker is away.
 *
 * @param waiting how many wait
 * @param rejected how many were refused
 */
export async function lookAtSpool(env: Environment, waiting: number, rejected: number): Promise<Finding> {
  const { ok, warn, fail } = findingsOf('spool');
  const folder = env.BLDST_SPOOL_DIR?.trim() || join(userStateFolder(env), 'spool');
  const problem = await unwritable(folder);
  if (problem !== undefined) {
    const consequence = 'reports are lost while the tracker is away';
    return fail(`${folder} cannot be written (${problem}): ${consequence}.`, exitCodes.failed.code);
  }
  if (rejected > 0) return warn(`${rejected} reports were refused when they came late.`, 'bldst status');
  if (waiting > 0) return warn(`${waiting} reports wait to be delivered.`, 'bldst status');
  return ok(`Reports are kept in ${folder} while the tracker is away; none waits.`);
}

/** Whether a store on this machine lies on a disk that is fit for one. */
export async function lookAtDisk(folder: string): Promise<Finding> {
  const { ok, warn, fail } = findingsOf('local store');
  const type = fileSystemType(folder);
  if (isNetworkFileSystem(folder)) {
    return fail(
      `${folder} is on ${type}, which several machines may share: a database there is damaged sooner or later.`,
      exitCodes.usage.code,
      'bldst serve --help',
    );
  }
  const problem = await unwritable(folder);
  if (problem !== undefined) {
    return fail(`${folder} cannot be written (${problem}).`, exitCodes.failed.code);
  }
  if (inMemory.has(type)) return warn(`${folder} is in memory (${type}), gone when this machine restarts.`);
  const { bavail, bsize } = statfsSync(nearestExisting(folder));
  const free = `${folder} is on ${type}, ${byteSize(bavail * bsize)} free.`;
  return bavail * bsize < littleRoom ? warn(free) : ok(free);
}
