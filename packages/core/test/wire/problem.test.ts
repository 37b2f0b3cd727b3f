import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { errorClasses } from '../../src/errors/by-code.ts';
import * as errors from '../../src/errors/index.ts';
import {
  BuildStateError,
  fromProblem,
  type Problem,
  RemoteError,
  StorageError,
  statusOf,
  toProblem,
} from '../../src/index.ts';

const details = {
  context: { build: 'rhel9:1', nested: { a_b: [1] } },
  problems: [{ path: 'state', message: 'must be an integer from 0 to 100' }],
};

/** What a client gets to see of an error. */
function overTheWire(error: BuildStateError): BuildStateError {
  const problem = JSON.parse(JSON.stringify(toProblem(error))) as Problem;
  return fromProblem(problem, problem.status);
}

describe('an error that goes over the wire', () => {
  it.each(Object.entries(errorClasses))('is the same error on the other side: %s', (code, Class) => {
    const error = new Class('Build rhel9:1 is not what it seems. Look at it.', details);
    expect(error.code).toBe(code);
    const back = overTheWire(error);
    expect(back).toBeInstanceOf(Class);
    expect({ ...back, message: back.message }).toEqual({ ...error, message: error.message });
    expect(statusOf(back)).toBe(statusOf(error));
  });

  it('is listed by its code, whatever class it has', () => {
    const notByCode = ['BuildStateError', 'RemoteError'];
    const classes = Object.entries(errors).filter(
      ([name]) => /Error$/.test(name) && !notByCode.includes(name),
    );
    expect(new Set(Object.values(errorClasses))).toEqual(new Set(classes.map(([, Class]) => Class)));
  });

  it('keeps whether a call to storage can be repeated', () => {
    const error = new StorageError('The bucket does not answer. Try again.', { persistence: 'transient' });
    expect(overTheWire(error)).toMatchObject({ persistence: 'transient', kind: 'unavailable' });
  });

  it('leaves causes and stacks at home', () => {
    const error = new errors.StoreError('The store failed.', { cause: new Error('canary') });
    expect(JSON.stringify(toProblem(error, 'r-1'))).not.toMatch(/canary|\.ts:/);
    expect(toProblem(error, 'r-1')).toEqual({
      type: '/problems/store_failed',
      title: 'Store failed',
      status: 500,
      detail: 'The store failed.',
      code: 'store_failed',
      request_id: 'r-1',
    });
  });
});

describe('an answer that may come from anywhere', () => {
  it('is an error of its status when its code is not known', () => {
    expect(fromProblem({ code: 'teapot', detail: 'Short and stout.' }, 503)).toMatchObject({
      code: 'teapot',
      kind: 'unavailable',
      message: 'Short and stout.',
    });
    expect(fromProblem({}, 502)).toMatchObject({ code: 'http_502', kind: 'unavailable' });
    expect(fromProblem({}, 418)).toMatchObject({ code: 'http_418', kind: 'failed' });
  });

  it.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])(
    'is an error with the code %s',
    (code) => {
      const error = fromProblem({ code, detail: 'x' }, 500);
      expect(error).toBeInstanceOf(RemoteError);
      expect(statusOf(error)).toBe(500);
    },
  );

  it('is an error of bounded size whatever is in it', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('code', 'detail', 'title', 'errors', 'context'), fc.jsonValue()),
        (answer) => {
          const error = fromProblem(answer as Partial<Problem>, 500);
          expect(error).toBeInstanceOf(BuildStateError);
          expect(typeof error.message).toBe('string');
          expect(typeof error.code).toBe('string');
          for (const { path, message } of error.problems)
            expect(typeof path + typeof message).toBe('stringstring');
        },
      ),
    );
    const errors = Array.from({ length: 1000 }, () => ({ path: 'x'.repeat(10_000), message: 'y' }));
    const error = fromProblem({ detail: 'x'.repeat(100_000), errors }, 422);
    expect(error.message).toHaveLength(4000);
    expect(error.problems).toHaveLength(100);
    expect(error.problems[0]?.path).toHaveLength(4000);
  });
});
