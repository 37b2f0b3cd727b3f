import {
  type Route,
  type Schemas,
  type TransferName,
  transferRoutes,
  transferSchemas,
} from '@buildstate/core';
import { z } from 'zod';
import { requestHeaders } from './header-schema.ts';
import { describeRoute, type RouteSchema } from './operation-schema.ts';
import { problemResponses } from './problem-schema.ts';

const descriptions: Readonly<Record<TransferName, string>> = {
  createUpload:
    'Begins an upload in parts to the disk of the server, under a key that no other upload has. Register the artifact with the answered `artifact_path` when the upload is complete.',
  uploadPart:
    'Stores one part: raw bytes with Content-Length. Parts may come in any order and several at once; sending one again replaces it.',
  listParts:
    'What the server holds of an upload, so that one that broke off goes on instead of starting over.',
  completeUpload:
    'Puts the parts together and re-hashes them. What does not have the size and SHA-256 of its source is removed and refused with `integrity`. May be repeated.',
  abortUpload: 'Gives an upload up and frees its parts. An unknown or completed one is no error.',
  getArtifactContent:
    'The bytes of an artifact that the server keeps itself. Takes `Range`, `If-Match` and `If-Range`; `ETag` is the version. Artifacts that are kept elsewhere answer 409 `stored_elsewhere` with their place.',
};

const bytes = z.string().meta({ format: 'binary' });
const octets = { content: { 'application/octet-stream': { schema: bytes } } };

/** The documentation of a transfer endpoint. */
export function transferSchema(name: TransferName): RouteSchema {
  const route: Route = transferRoutes[name];
  const own: Schemas = transferSchemas[name];
  const description = `${descriptions[name]}\n\nNeeds the \`${route.scope}\` scope.`;
  const schema = describeRoute(name, route, own, description);
  if (route.method === 'POST') {
    return { ...schema, headers: requestHeaders({ key: true, condition: false, tag: false }, route) };
  }
  if (name !== 'uploadPart') return schema;
  const response = { ...schema.response, ...problemResponses([404, 408, 409, 411, 413, 415]) };
  return { ...schema, consumes: ['application/octet-stream'], body: bytes, response };
}

/** The documentation of the content endpoint, whose answer is bytes. */
export const contentSchema: RouteSchema = {
  ...transferSchema('getArtifactContent'),
  response: {
    200: { description: 'All bytes.', ...octets },
    206: { description: 'The bytes of the range.', ...octets },
    304: z.undefined().describe('The caller has this version.'),
    ...problemResponses([400, 401, 403, 404, 409, 412, 416, 422, 429, 500, 503]),
  },
};
