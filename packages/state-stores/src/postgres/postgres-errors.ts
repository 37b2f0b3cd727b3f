import {
  BuildStateError,
  ConfigurationError,
  NoSpaceError,
  StoreError,
  UnavailableError,
} from '@buildstate/core/light';
import { errorCode } from '@buildstate/node-runtime';
import { DatabaseError } from 'pg';

/** The SQLSTATE of an error that the server answered; empty for others. */
export function sqlState(error: unknown): string {
  return error instanceof DatabaseError ? (error.code ?? '') : '';
}

/** Whether a row would have broken the uniqueness of a key. */
export function isTaken(error: unknown): boolean {
  return sqlState(error) === '23505';
}

/** Whether the database ended a transaction to let others go on; doing it again is safe. */
export function isYielding(error: unknown): boolean {
  return ['40001', '40P01'].includes(sqlState(error));
}

/** Whether a statement was prepared before the tables were changed, as by a newer instance that migrated them. */
export function isOutdatedPlan(error: unknown): boolean {
  return sqlState(error) === '0A000' || sqlState(error) === '26000';
}

/**
 * Whether the connection is gone, or cannot be trusted any more. The driver's own errors are of no class and have no
 * codes: what is neither an answer of the server nor a mistake in a program is one of the connection.
 */
export function isConnectionLost(error: unknown): boolean {
  const state = sqlState(error);
  if (state !== '') return state.startsWith('08') || state.startsWith('57P');
  if (!(error instanceof Error) || error instanceof TypeError || error instanceof RangeError) return false;
  return errorCode(error) !== undefined ? !(error instanceof BuildStateError) : error.constructor === Error;
}

/** What people can put right, by SQLSTATE. */
const mistakes: Readonly<Record<string, string>> = {
  '28P01':
    'refuses the password or the user. Put both into the URL, or the password into PGPASSWORD or ~/.pgpass',
  '28000': 'does not let this user in from here. Check user, database and encryption against pg_hba.conf',
  '3D000': 'has no database of that name. Make one: createdb NAME',
  '42501':
    'does not give this user the rights that it needs: to create tables in the schema, and to use them',
  '3F000': 'has no schema of that name, and this user may not make it',
};

/** System codes of a server that is not there. */
const unreachable = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOENT'];

function serverError(state: string, shown: string, details: object): BuildStateError {
  const mistake = mistakes[state];
  if (mistake !== undefined) return new ConfigurationError(`${shown} ${mistake}.`, details);
  if (state === '53100') {
    return new NoSpaceError(`No space is left for ${shown}. Nothing was changed.`, details);
  }
  if (state === 'XX001' || state === 'XX002') {
    return new StoreError(`${shown} is damaged. Restore it from a backup.`, details);
  }
  if (state === '57014' || state === '55P03') {
    return new UnavailableError(`${shown} took too long, so that it was stopped. Try again.`, details);
  }
  // 25006: a standby that only reads. 40: the transaction was ended for others. 53: out of connections or memory.
  if (/^(08|40|53|57|58)/.test(state) || state === '25006' || state === '25P03') {
    return new UnavailableError(`${shown} cannot serve now (${state}). Try again.`, details);
  }
  return new StoreError(`${shown} could not be read or written (${state}).`, details);
}

/**
 * An error of PostgreSQL, its driver or the system as one of the store's. None carries SQL, values or a password; the
 * cause may, and is never shown.
 * @param shown the place, for the message
 */
export function storeErrorOf(error: unknown, shown: string): BuildStateError {
  if (error instanceof BuildStateError) return error;
  const state = sqlState(error);
  const systemCode = errorCode(error) ?? '';
  const code = state || systemCode;
  const details = { cause: error, context: { place: shown, ...(code !== '' && { system_code: code }) } };
  if (state !== '') return serverError(state, shown, details);
  if (unreachable.includes(systemCode)) {
    return new UnavailableError(
      `${shown} cannot be reached (${systemCode}). Is PostgreSQL running there?`,
      details,
    );
  }
  if (isConnectionLost(error)) {
    return new UnavailableError(
      `The connection to ${shown} was lost or not made in time. Try again.`,
      details,
    );
  }
  return new StoreError(`${shown} could not be read or written.`, details);
}

/** The same for a write that was on its way when the connection was lost: nobody knows what became of it. */
export function unknownOutcome(error: unknown, shown: string): UnavailableError {
  return new UnavailableError(
    `The connection to ${shown} was lost while it wrote, so that it is not known whether it did. ` +
      'Repeat the same request: what has an event_id counts once.',
    { cause: error, context: { place: shown } },
  );
}
