import { hostname, userInfo } from 'node:os';
import type { HolderIdentity } from '@buildstate/core';
import { errorCode } from '@buildstate/node-runtime';

/** Which account runs this process on which host. */
export function processOwner(): Pick<HolderIdentity, 'host' | 'user'> {
  const host = hostname();
  try {
    return { host, user: userInfo().username };
  } catch (error) {
    // Containers often run as a user id that has no name.
    if (errorCode(error) === undefined) throw error;
    return { host, user: process.getuid === undefined ? undefined : `uid-${process.getuid()}` };
  }
}
