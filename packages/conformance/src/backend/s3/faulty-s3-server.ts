import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FaultPlan, type S3Fault, type S3FaultRule, type S3Operation } from './faults.ts';
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

/** An S3 server that keeps everything in memory and fails on command. */
export interface FaultyS3Server {
  /** For example `http://127.0.0.1:34567`. Every bucket exists. */
  readonly endpoint: string;
  /** What is stored; tests may look at it and change it. */
  readonly state: S3State;
  /** All requests so far, in the order in which they were complete. */
  readonly requests: readonly SeenRequest[];
  /** Connections that are open now. */
  openConnections(): Promise<number>;
  /** Plans a fault. */
  inject(rule: S3FaultRule): void;
  /** How many planned faults have not happened yet; a test that wants them to happen checks for 0. */
  pendingFaults(): number;
  /** Closes all connections and ends. */
  stop(): Promise<void>;
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

function send(response: ServerResponse, reply: S3Reply): void {
  const body = Buffer.from(reply.body ?? '');
  response.writeHead(reply.status, { ...reply.headers, 'content-length': reply.length ?? body.length });
  response.end(body);
}

/** Announces the whole body and sends a part of it. */
function sendPart(response: ServerResponse, reply: S3Reply, bytes: number, close: boolean): void {
  const body = Buffer.from(reply.body ?? '');
  response.writeHead(reply.status, { ...reply.headers, 'content-length': body.length });
  response.flushHeaders();
  // Ended by force only after what was sent has left, so that the cut is where the test wants it.
  response.write(body.subarray(0, bytes), () => {
    if (close) response.socket?.destroySoon();
  });
  if (bytes === 0 && close) response.socket?.destroySoon();
}

/** Does what a fault says instead of answering. Answers `false` when the reply is to be sent as it is. */
function misbehave(response: ServerResponse, fault: S3Fault | undefined, work: () => S3Reply): boolean {
  switch (fault?.kind) {
    case 'status':
      send(response, errorReply(fault.status, fault.code));
      return true;
    case 'error-in-200':
      if (fault.applied) work();
      send(response, { ...errorReply(200, 'InternalError'), status: 200 });
      return true;
    case 'drop-reply':
      work();
      response.socket?.destroy();
      return true;
    case 'never-answer':
      return true;
    case 'cut':
    case 'stall':
      sendPart(response, work(), fault.afterBytes, fault.kind === 'cut');
      return true;
    default:
      return false;
  }
}

/**
 * Starts the server on a free port of the loopback interface. It speaks enough of the S3 protocol, path style,
 * for a backend to pass the conformance suite, and checks no signatures.
 */
export async function startFaultyS3(habits: Partial<S3Habits> = {}): Promise<FaultyS3Server> {
  const state = new S3State();
  const faults = new FaultPlan();
  const requests: SeenRequest[] = [];
  const handle = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const request = await readRequest(message);
    if (request === undefined) return send(response, errorReply(405, 'MethodNotAllowed'));
    const { operation, headers, body, path } = request;
    requests.push({ operation, headers, bytes: body.length });
    const fault = faults.next(operation);
    if (fault?.kind === 'replace') {
      state.put(path, Buffer.from(fault.bytes), { contentType: 'application/octet-stream', metadata: {} });
    }
    const work = () => answer(state, request, { ...amazon, ...habits }, fault);
    if (!misbehave(response, fault, work)) send(response, work());
  };
  const server = createServer((message, response) => {
    // A client that goes away in the middle of a request is part of what is tested.
    handle(message, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    state,
    requests,
    openConnections: () =>
      new Promise((resolve, reject) =>
        server.getConnections((error, count) => (error === null ? resolve(count) : reject(error))),
      ),
    inject: (rule) => faults.add(rule),
    pendingFaults: () => faults.pending,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
