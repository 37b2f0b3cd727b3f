import { IntegrityError } from '@buildstate/core/light';

/**
 * A file is not what was sent of it before, although its size and times are the same. The upload begins anew; callers
 * see this error only when that is given up as well.
 */
export class StaleJournalError extends IntegrityError {
  constructor() {
    super('The file is not what an earlier, interrupted upload has sent of it.');
  }
}
