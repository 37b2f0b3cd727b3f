import { hostname, userInfo } from 'node:os';
import type { HolderIdentity } from '@buildstate/core';
import { errorCode } from '../files/error-code.ts';
import { machineFacts } from './machine-facts.ts';
import { processFacts } from './process-stat.ts';

let known: HolderIdentity | undefined;

function userName(): string | undefined {
  try {
    return userInfo().username;
  } catch (error) {
    // Containers often run as a user id that has no name.
    if (errorCode(error) !== undefined)
      return process.getuid === undefined ? undefined : `uid-${process.getuid()}`;
    throw error;
  }
}

/** Which process this is, for leases and locks. Asked of the system once, since nothing in it changes. */
export function currentIdentity(): HolderIdentity {
  known ??= {
    host: hostname(),
    ...machineFacts(),
    pid: process.pid,
    processStartedAt: processFacts(process.pid)?.startedAt,
    user: userName(),
  };
  return known;
}
