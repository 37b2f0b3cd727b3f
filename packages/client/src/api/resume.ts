import type { DoorOptions, OperationAnswer } from '@buildstate/core';
import type { BodyOf, CallOptions } from './call.ts';
import type { Operations } from './operations.ts';

/** All that is needed to go on: state, artifacts, variables. */
export type ResumeContext = OperationAnswer<'getResumeContext'>;
/** A request that a build goes on. */
export type ResumeRequestRecord = OperationAnswer<'getResumeRequest'>;

/** A request as it is answered when somebody asks: with what is missing and which states run again, and why. */
export type RequestedResume = OperationAnswer<'requestResume'>;

/** What came of asking many failed builds to go on. */
export type BulkResumeOutcome = OperationAnswer<'bulkResume'>;

/** How a resume context is checked before it is answered. */
export interface ResumeContextOptions extends CallOptions {
  /** `true`: every artifact is there with its size; `deep`: re-hashed. @default false */
  readonly verify?: boolean | 'deep';
}

/** Continuing failed and abandoned builds. */
export interface ResumeApi {
  /** Where and with what a build goes on. @throws NotFoundError */
  context(build: string, options?: ResumeContextOptions): Promise<ResumeContext>;
  /** Asks that a build goes on; an open request is answered as it is. @throws NotResumableError */
  request(build: string, how?: BodyOf<'requestResume'>, options?: CallOptions): Promise<RequestedResume>;
  /**
   * Asks of failed builds that they go on, newest first, and tells for each what came of it. One call looks at no more
   * than 1,000; `nextCursor` goes on behind them.
   */
  bulk(which: BodyOf<'bulkResume'>, options?: CallOptions): Promise<BulkResumeOutcome>;
  /** A build's requests, newest first. */
  list(build: string, options?: CallOptions): Promise<readonly ResumeRequestRecord[]>;
  /** One request. @throws NotFoundError */
  get(request: string, options?: CallOptions): Promise<ResumeRequestRecord>;
  /** Reports how far a request has come. @throws NotFoundError */
  update(
    request: string,
    changes: BodyOf<'updateResumeRequest'>,
    options?: CallOptions,
  ): Promise<ResumeRequestRecord>;
}

/** A server ends its looking at bytes after ten minutes; its answer is waited for. */
const lookingMs = 11 * 60_000;

/** Options of a call during which bytes may be looked at. */
function patient(looks: boolean, options: CallOptions | undefined): DoorOptions | undefined {
  return looks ? { ...options, timeoutMs: lookingMs } : options;
}

/** The facade's part for resuming. */
export function resumeApi({ call, list }: Operations): ResumeApi {
  return {
    context: (buildId, { verify = false, ...options } = {}) =>
      call(
        'getResumeContext',
        { params: { buildId }, query: { verify: `${verify}` } },
        patient(verify !== false, options),
      ),
    request: (buildId, body, options) =>
      call(
        'requestResume',
        { params: { buildId }, body },
        patient(body?.verify !== undefined && body.verify !== 'false', options),
      ),
    bulk: (body, options) => call('bulkResume', { body }, options),
    list: (buildId, options) => list('listResumeRequests', { buildId }, {}, options).all(),
    get: (requestId, options) => call('getResumeRequest', { params: { requestId } }, options),
    update: (requestId, body, options) =>
      call('updateResumeRequest', { params: { requestId }, body }, options),
  };
}
