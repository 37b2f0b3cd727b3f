import type { IncomingMessage, ServerResponse } from 'node:http';
import { FaultPlan } from '../faults/fault-plan.ts';
import { answerWithFault, type HttpFault, sendReply } from '../faults/http-reply.ts';
import { type LocalServer, startLocalServer } from '../faults/local-server.ts';
import type { S3Fault, S3FaultRule, S3Operation } from './faults.ts';
import { deleteObject, getObject, headObject, listObjects, putObject, type S3Habits } from './s3-objects.ts';
import { errorReply, type S3Reply } from './s3-reply.ts';
import { readRequest, type S3Request } from './s3-request.ts';
import { S3State } from './s3-state.ts';
import {
  abortUpload,
  completeUpload,
  createUpload,
  listParts,
  listUploads,
  uploadPart,
} from './s3-uploads.ts';

/** How S3 itself behaves. */
const amazon: S3Habits = { conditions: 'honoured', minPartBytes: 5 * 1024 * 1024 };

/** A request that arrived, for assertions. */
export interface SeenRequest {
  readonly operation: S3Operation;
  readonly headers: IncomingMessage['headers'];
  /** Bytes of its body. */
  readonly bytes: number;
}

/** An S3 server that keeps everything in memory and fails on command. Every bucket exists. */
export interface FaultyS3Server extends LocalServer {
  /** What is stored; tests may look at it and change it. */
  readonly state: S3State;
  /** All requests so far, in the order in which they were complete. */
  readonly requests: readonly SeenRequest[];
  /** Plans a fault. */
  inject(rule: S3FaultRule): void;
  /** How many planned faults have not happened yet; a test that wants them to happen checks for 0. */
  pendingFaults(): number;
}

function answer(state: S3State, request: S3Request, habits: S3Habits, fault: S3Fault | undefined): S3Reply {
  const handlers: Readonly<Record<S3Operation, () => S3Reply>> = {
    AbortMultipartUpload: () => abortUpload(state, request),
    CompleteMultipartUpload: () => completeUpload(state, request, habits),
    CreateMultipartUpload: () => createUpload(state, request),
    DeleteObject: () => deleteObject(state, request),
    GetObject: () => getObject(state, request, fault),
    HeadObject: () => headObject(state, request),
    ListMultipartUploads: () => listUploads(state, request),
    ListObjectsV2: () => listObjects(state, request),
    ListParts: () => listParts(state, request),
    PutObject: () => putObject(state, request, habits),
    UploadPart: () => uploadPart(state, request),
  };
  return handlers[request.operation]();
}

/** Does what was asked for, and what a fault of S3's own makes of the answer. */
function worked(work: () => S3Reply, fault: S3Fault | undefined): S3Reply {
  if (fault?.kind !== 'error-in-200') return work();
  if (fault.applied) work();
  return { ...errorReply(200, 'InternalError'), status: 200 };
}

function isHttpFault(fault: S3Fault | undefined): fault is HttpFault {
  return ['status', 'drop-reply', 'never-answer', 'cut', 'stall'].includes(fault?.kind ?? '');
}

/**
 * Starts the server on a free port of the loopback interface. It speaks enough of the S3 protocol, path style,
 * for a backend to pass the conformance suite, and checks no signatures.
 */
export async function startFaultyS3(habits: Partial<S3Habits> = {}): Promise<FaultyS3Server> {
  const state = new S3State();
  const faults = new FaultPlan<S3Operation, S3Fault>();
  const requests: SeenRequest[] = [];
  const handle = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const request = await readRequest(message);
    if (request === undefined) return sendReply(response, errorReply(405, 'MethodNotAllowed'));
    const { operation, headers, body, path } = request;
    requests.push({ operation, headers, bytes: body.length });
    const fault = faults.next(operation);
    if (fault?.kind === 'replace') {
      state.put(path, Buffer.from(fault.bytes), { contentType: 'application/octet-stream', metadata: {} });
    }
    const work = () => answer(state, request, { ...amazon, ...habits }, fault);
    const plain = isHttpFault(fault) ? fault : undefined;
    await answerWithFault(response, plain, () => worked(work, fault), errorReply);
  };
  const server = await startLocalServer(handle);
  return {
    ...server,
    state,
    requests,
    inject: (rule) => faults.add(rule),
    pendingFaults: () => faults.pending,
  };
}
