import type { S3Client } from '@aws-sdk/client-s3';

const withBodies = new Set(['PutObjectCommand', 'UploadPartCommand']);

function isRequest(value: unknown): value is { headers: Record<string, string> } {
  return typeof value === 'object' && value !== null && 'headers' in value;
}

/**
 * Leaves bodies out of signatures: signing one is a second SHA-256 over every byte. The signer takes the
 * header for the body's hash when it is there already.
 */
export function leavePayloadsUnsigned(client: S3Client): void {
  client.middlewareStack.add(
    (next, context) => (args) => {
      if (withBodies.has(context.commandName ?? '') && isRequest(args.request)) {
        args.request.headers['x-amz-content-sha256'] = 'UNSIGNED-PAYLOAD';
      }
      return next(args);
    },
    { step: 'build', name: 'buildstateUnsignedPayload' },
  );
}
