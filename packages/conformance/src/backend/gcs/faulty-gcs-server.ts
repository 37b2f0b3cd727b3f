import type { IncomingMessage, ServerResponse } from 'node:http';
import { FaultPlan } from '../faults/fault-plan.ts';
import { answerWithFault, type HttpFault, type HttpReply, sendReply } from '../faults/http-reply.ts';
import { bodyOf, type LocalServer, startLocalServer } from '../faults/local-server.ts';
import type { GcsFault, GcsFaultRule, GcsOperation } from './gcs-faults.ts';
import { deleteObject, getObject, headObject, listObjects, putObject } from './gcs-objects.ts';
import { errorReply, type GcsRequest, understand } from './gcs-request.ts';
import { GcsState } from './gcs-state.ts';
import {
  abortUpload,
  completeUpload,
  initiateUpload,
  listParts,
  listUploads,
  uploadPart,
} from './gcs-uploads.ts';

/** A request that arrived, for assertions. */
export interface SeenGcsRequest {
  readonly operation: GcsOperation;
  readonly headers: IncomingMessage['headers'];
  /** Bytes of its body. */
  readonly bytes: number;
}

/**
 * A server that speaks Google Cloud Storage's XML API, and the listing of its JSON API, keeps everything in memory and
 * fails on command. Written from the documentation (https://cloud.google.com/storage/docs/xml-api/overview), since
 * there is no emulator of Google's own. Every bucket exists.
 */
export interface FaultyGcsServer extends LocalServer {
  /** What is stored; tests may look at it and change it. */
  readonly state: GcsState;
  /** All requests so far, in the order in which they were complete. */
  readonly requests: readonly SeenGcsRequest[];
  /** Plans a fault. */
  inject(rule: GcsFaultRule): void;
  /** How many planned faults have not happened yet; a test that wants them to happen checks for 0. */
  pendingFaults(): number;
}

function answer(state: GcsState, request: GcsRequest, fault: GcsFault | undefined): HttpReply {
  const { token } = state;
  if (token !== undefined && request.headers.authorization !== `Bearer ${token}`) {
    return errorReply(401, 'AuthenticationRequired');
  }
  const handlers: Readonly<Record<GcsOperation, () => HttpReply>> = {
    AbortUpload: () => abortUpload(state, request),
    CompleteUpload: () => completeUpload(state, request),
    DeleteObject: () => deleteObject(state, request),
    GetObject: () => getObject(state, request, fault),
    HeadObject: () => headObject(state, request),
    InitiateUpload: () => initiateUpload(state, request),
    ListObjects: () => listObjects(state, request),
    ListParts: () => listParts(state, request),
    ListUploads: () => listUploads(state, request),
    PutObject: () => putObject(state, request),
    UploadPart: () => uploadPart(state, request),
  };
  return handlers[request.operation]();
}

/** Does what was asked for, and what a fault of the protocol's own makes of the answer. */
function worked(work: () => HttpReply, fault: GcsFault | undefined): HttpReply {
  if (fault?.kind !== 'error-in-200') return work();
  if (fault.applied) work();
  return { ...errorReply(200, 'InternalError'), status: 200 };
}

function isHttpFault(fault: GcsFault | undefined): fault is HttpFault {
  return ['status', 'drop-reply', 'never-answer', 'cut', 'stall'].includes(fault?.kind ?? '');
}

/** Reads so many bytes of a request and breaks the connection. */
async function takePart(message: IncomingMessage, bytes: number): Promise<void> {
  let taken = 0;
  for await (const chunk of message) {
    taken += (chunk as Buffer).length;
    if (taken >= bytes) break;
  }
  message.socket.destroy();
}

/** Starts the server on a free port of the loopback interface. */
export async function startFaultyGcs(): Promise<FaultyGcsServer> {
  const state = new GcsState();
  const faults = new FaultPlan<GcsOperation, GcsFault>();
  const requests: SeenGcsRequest[] = [];
  const handle = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(message.url ?? '/', 'http://server');
    const understood = understand(message.method ?? '', url);
    const fault = understood === undefined ? undefined : faults.next(understood.operation);
    if (fault?.kind === 'partial') return await takePart(message, fault.bytes);
    const body = await bodyOf(message);
    if (understood === undefined) return sendReply(response, errorReply(400, 'InvalidURI'));
    const request: GcsRequest = { ...understood, query: url.searchParams, headers: message.headers, body };
    requests.push({ operation: request.operation, headers: request.headers, bytes: body.length });
    if (fault?.kind === 'replace') {
      const about = { contentType: 'application/octet-stream', metadata: {}, storageClass: 'STANDARD' };
      state.put(request.path, Buffer.from(fault.bytes), about);
    }
    const work = () => answer(state, request, fault);
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
