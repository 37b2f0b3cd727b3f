import type { Route } from './routes.ts';

const tag = 'Transfer';

/** Most parts of one upload to a server. */
export const maxUploadParts = 10_000;

/** The scheme of artifacts that a server keeps on its own disk: `server:///<key>`. */
export const serverScheme = 'server:';

/**
 * The endpoints of a server that keeps artifacts on its own disk: parts of uploads in, ranges of contents out.
 * Plain data without zod, like `routes`.
 */
export const transferRoutes = {
  createUpload: {
    method: 'POST',
    path: '/builds/{build_id}/uploads',
    scope: 'write',
    status: 201,
    tag,
    summary: "Begin an upload to the server's own disk",
    repeatable: true,
  },
  uploadPart: {
    method: 'PUT',
    path: '/uploads/{upload_id}/parts/{number}',
    scope: 'write',
    status: 200,
    tag,
    summary: 'Send one part of an upload',
    repeatable: true,
  },
  listParts: {
    method: 'GET',
    path: '/uploads/{upload_id}/parts',
    scope: 'write',
    status: 200,
    tag,
    summary: 'List the parts that the server holds',
    repeatable: true,
  },
  completeUpload: {
    method: 'POST',
    path: '/uploads/{upload_id}/complete',
    scope: 'write',
    status: 200,
    tag,
    summary: 'Make an uploaded artifact visible after re-hashing it',
    repeatable: true,
  },
  abortUpload: {
    method: 'DELETE',
    path: '/uploads/{upload_id}',
    scope: 'write',
    status: 204,
    tag,
    summary: 'Give an upload up',
    repeatable: true,
  },
  getArtifactContent: {
    method: 'GET',
    path: '/builds/{build_id}/artifacts/{artifact_id}/content',
    scope: 'read',
    status: 200,
    tag,
    summary: "Read an artifact's bytes, whole or a range; HEAD for size and version alone",
    repeatable: true,
  },
} as const satisfies Record<string, Route>;

/** The name of a transfer endpoint. */
export type TransferName = keyof typeof transferRoutes;
