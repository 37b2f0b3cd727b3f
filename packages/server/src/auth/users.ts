import type { Actor } from '@buildstate/core';

/** Who can log in with a password. */
export interface Users {
  /** Whether anybody can. */
  readonly any: boolean;
  /** Whom a name and a password stand for. Takes as long for unknown names as for wrong passwords. */
  byPassword(name: string, password: string): Actor | undefined;
  /** Who has an id, with what they may do now. */
  byId(id: string): Actor | undefined;
}

/** A server without accounts: nobody. */
export const nobody: Users = { any: false, byPassword: () => undefined, byId: () => undefined };
