import { type IncomingMessage, request, type ServerResponse } from 'node:http';
import { FaultPlan, type FaultRule } from '../faults/fault-plan.ts';
import { answerWithFault, type HttpFault, type HttpReply } from '../faults/http-reply.ts';
import { bodyOf, type LocalServer, startLocalServer } from '../faults/local-server.ts';

/** The calls of the protocol of Azure's blobs that the proxy tells apart. */
export type AzureOperation =
  | 'CopyBlob'
  | 'DeleteBlob'
  | 'GetBlob'
  | 'GetBlobProperties'
  | 'GetBlockList'
  | 'ListBlobs'
  | 'PutBlob'
  | 'PutBlock'
  | 'PutBlockList';

/** What goes wrong with one request. */
export type AzureFault =
  | HttpFault
  /** Serve a range that begins so many bytes away from the one asked for, honestly labelled. */
  | { readonly kind: 'shift'; readonly bytes: number }
  /** Serve the whole object where a range was asked for. */
  | { readonly kind: 'ignore-range' }
  /** Say that the object was made by another upload. */
  | { readonly kind: 'other-token' }
  /** Say of a copy that it is still going on, or how it failed. */
  | { readonly kind: 'copy-status'; readonly status: 'pending' | 'failed' };

/** Which requests a fault befalls. */
export type AzureFaultRule = FaultRule<AzureOperation, AzureFault>;

/** A request that arrived, for assertions. */
export interface SeenAzureRequest {
  readonly operation: AzureOperation | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly url: URL;
}

/** A proxy in front of a store that speaks Azure's protocol; it passes everything on and fails on command. */
export interface FaultyAzure extends LocalServer {
  /** All requests so far. */
  readonly requests: readonly SeenAzureRequest[];
  /** Plans a fault. */
  inject(rule: AzureFaultRule): void;
  /** How many planned faults have not happened yet; a test that wants them to happen checks for 0. */
  pendingFaults(): number;
}

function operationOf(
  { method, headers }: IncomingMessage,
  { searchParams }: URL,
): AzureOperation | undefined {
  const component = searchParams.get('comp');
  if (method === 'PUT') {
    if (component === 'block') return 'PutBlock';
    if (component === 'blocklist') return 'PutBlockList';
    if (component !== null) return undefined;
    return headers['x-ms-copy-source'] === undefined ? 'PutBlob' : 'CopyBlob';
  }
  if (method === 'GET') {
    if (component === 'blocklist') return 'GetBlockList';
    return component === 'list' ? 'ListBlobs' : 'GetBlob';
  }
  return method === 'HEAD' ? 'GetBlobProperties' : method === 'DELETE' ? 'DeleteBlob' : undefined;
}

/** An error, as Azure words it. */
function errorReply(status: number, code: string): HttpReply {
  const body = `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`;
  return { status, headers: { 'content-type': 'application/xml', 'x-ms-error-code': code }, body };
}

/** Headers that belong to one connection. */
const hopHeaders = new Set(['connection', 'keep-alive', 'transfer-encoding', 'content-length']);

/** Hands a request on and answers what came back, whole. */
async function passOn(
  target: URL,
  message: IncomingMessage,
  body: Buffer,
  headers: object,
): Promise<HttpReply> {
  const { method, url } = message;
  return await new Promise<HttpReply>((resolve, reject) => {
    const outgoing = request({
      host: target.hostname,
      port: target.port,
      method,
      path: url,
      headers: { ...headers },
    });
    outgoing.on('error', reject);
    outgoing.on('response', (incoming) => {
      const kept = Object.entries(incoming.headers).filter(([name]) => !hopHeaders.has(name));
      const length = incoming.headers['content-length'];
      bodyOf(incoming).then(
        (bytes) =>
          resolve({
            status: incoming.statusCode ?? 500,
            headers: Object.fromEntries(kept.map(([name, value]) => [name, String(value)])),
            body: bytes,
            ...(method === 'HEAD' && length !== undefined ? { length: Number(length) } : {}),
          }),
        reject,
      );
    });
    outgoing.end(body);
  });
}

/** What a fault makes of an answer. Ranges are lied about in the label: the bytes are those asked for. */
function changedReply(reply: HttpReply, fault: AzureFault | undefined): HttpReply {
  if (fault?.kind === 'copy-status') {
    return { ...reply, headers: { ...reply.headers, 'x-ms-copy-status': fault.status } };
  }
  if (fault?.kind === 'other-token') {
    return { ...reply, headers: { ...reply.headers, 'x-ms-meta-bldstupload': '0'.repeat(32) } };
  }
  const range = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(reply.headers?.['content-range'] ?? '');
  if (range === null) return reply;
  const [first = 0, last = 0, size = 0] = range.slice(1).map(Number);
  if (fault?.kind === 'shift') {
    const moved = `bytes ${first + fault.bytes}-${last + fault.bytes}/${size}`;
    return { ...reply, headers: { ...reply.headers, 'content-range': moved } };
  }
  if (fault?.kind !== 'ignore-range') return reply;
  const { 'content-range': _, ...headers } = reply.headers ?? {};
  return { ...reply, status: 200, headers };
}

function isHttpFault(fault: AzureFault | undefined): fault is HttpFault {
  return ['status', 'drop-reply', 'never-answer', 'cut', 'stall'].includes(fault?.kind ?? '');
}

/**
 * Starts the proxy on a free port of the loopback interface.
 * @param target address of the store behind it, such as `http://127.0.0.1:10000/account`
 */
export async function startFaultyAzure(target: string): Promise<FaultyAzure> {
  const store = new URL(target);
  const faults = new FaultPlan<AzureOperation, AzureFault>();
  const requests: SeenAzureRequest[] = [];
  const handle = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await bodyOf(message);
    const url = new URL(message.url ?? '/', 'http://server');
    const operation = operationOf(message, url);
    requests.push({ operation, headers: message.headers, url });
    const fault = operation === undefined ? undefined : faults.next(operation);
    const work = async () => changedReply(await passOn(store, message, body, message.headers), fault);
    await answerWithFault(response, isHttpFault(fault) ? fault : undefined, work, errorReply);
  };
  const server = await startLocalServer(handle);
  return {
    ...server,
    endpoint: `${server.endpoint}${store.pathname}`,
    requests,
    inject: (rule) => faults.add(rule),
    pendingFaults: () => faults.pending,
  };
}
