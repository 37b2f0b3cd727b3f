import { NoSpaceError } from '@buildstate/core/light';

/** One of this process's own streams leads to a full disk, so nothing more can be said on it. */
export class OutputFullError extends NoSpaceError {}
