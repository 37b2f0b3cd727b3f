import { type Agent, request } from 'node:http';
import type { FuzzRequest } from './request-arbitrary.ts';

/** What came back. */
export interface FuzzAnswer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

/**
 * Sends a request over a plain socket and reads the answer.
 * @param deadlineMs an answer that is not whole by then is a fault
 * @throws Error when there is no answer
 */
export function send(
  agent: Agent,
  port: number,
  { method, path, headers, body }: FuzzRequest,
  deadlineMs: number,
) {
  const bytes = Buffer.from(body);
  const hasBody = bytes.length > 0 && method !== 'GET' && method !== 'HEAD';
  return new Promise<FuzzAnswer>((resolve, reject) => {
    const sent = request({
      agent,
      port,
      method,
      path,
      host: '127.0.0.1',
      headers: { ...headers, ...(hasBody && { 'content-length': String(bytes.length) }) },
      signal: AbortSignal.timeout(deadlineMs),
    });
    sent.on('error', reject);
    sent.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const { statusCode: status = 0, headers: answered } = response;
        const text = Buffer.concat(chunks).toString();
        resolve({ status, type: answered['content-type'] ?? '', text });
      });
    });
    sent.end(hasBody ? bytes : undefined);
  });
}
