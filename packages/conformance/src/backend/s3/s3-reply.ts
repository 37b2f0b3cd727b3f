import type { HttpReply } from '../faults/http-reply.ts';
import { xmlDocument } from './s3-xml.ts';

/** An answer. */
export type S3Reply = HttpReply;

/** An error, as S3 words it. */
export function errorReply(status: number, code: string): S3Reply {
  const body = xmlDocument('Error', { Code: code, Message: code, RequestId: 'fault' });
  return { status, headers: { 'content-type': 'application/xml' }, body };
}

/** An XML document with status 200. */
export function xmlReply(body: string): S3Reply {
  return { status: 200, headers: { 'content-type': 'application/xml' }, body };
}
