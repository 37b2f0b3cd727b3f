import {
  AlreadyExistsError,
  BuildClosedError,
  ConfigurationError,
  ForbiddenError,
  IllegalTransitionError,
  IntegrityError,
  KeyRingError,
  LeaseLostError,
  LimitError,
  MalformedError,
  NoSpaceError,
  NotFoundError,
  NotResumableError,
  RemoteError,
  StateInProgressError,
  StorageError,
  StoreError,
  TimeoutError,
  UnauthenticatedError,
  UnavailableError,
  UnreachableError,
  ValidationError,
} from '@buildstate/core/light';
import { expect, test } from 'vitest';
import { exitCodeOf } from '../../src/errors/known-error.ts';
import { UsageError } from '../../src/errors/usage-error.ts';

test.each([
  [new Error('surprise'), 1],
  [new StoreError('x'), 1],
  [new StorageError('x'), 1],
  [new UsageError('x'), 2],
  [new ValidationError('x'), 2],
  [new MalformedError('x'), 2],
  [new ConfigurationError('x'), 2],
  [new NotFoundError('x'), 3],
  [new IllegalTransitionError('x'), 4],
  [new StateInProgressError('x'), 4],
  [new LeaseLostError('x'), 4],
  [new AlreadyExistsError('x'), 4],
  [new BuildClosedError('x'), 4],
  [new UnauthenticatedError('x'), 5],
  [new ForbiddenError('x'), 5],
  [new IntegrityError('x'), 6],
  [new KeyRingError('x'), 6],
  [new UnreachableError('x'), 7],
  [new UnavailableError('x'), 7],
  [new NoSpaceError('x'), 8],
  [new LimitError('x'), 8],
  [new NotResumableError('x'), 9],
  [new TimeoutError('x'), 10],
  [new RemoteError('x', 'http_418', 'conflict'), 4],
])('%o ends with %d', (error, code) => {
  expect(exitCodeOf(error)).toBe(code);
});

test('an error of another copy of the package counts by its shape', () => {
  const foreign = Object.assign(new Error('gone'), {
    kind: 'not_found',
    code: 'not_found',
    problems: [],
    context: {},
  });
  expect(exitCodeOf(foreign)).toBe(3);
  expect(exitCodeOf(Object.assign(new Error('x'), { kind: 'toString', code: 'x' }))).toBe(1);
});
