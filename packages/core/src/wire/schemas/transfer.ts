import { z } from 'zod';
import { name, state, text, wholeNumber } from '../text.ts';
import { maxUploadParts } from '../transfer-routes.ts';

const size = z.int().min(0);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hexadecimal characters');

/** An upload in a path. */
export const uploadParams = z.strictObject({
  upload_id: text(4096).min(1).describe('As answered when the upload began'),
});
/** A part in a path. */
export const partParams = uploadParams.extend({ number: wholeNumber(1, maxUploadParts) });

/** `POST /builds/{id}/uploads`. */
export const createUploadBody = z.strictObject({
  state_code: state.describe('The state that produced the bytes'),
  filename: name(255).describe('Becomes the last part of the key, made safe'),
  size_bytes: size.optional().describe('Size of the whole artifact, where it is known'),
  content_type: text(200).optional(),
});

/** A part that the server holds. */
export const partAnswer = z
  .object({ number: z.int().min(1).max(maxUploadParts), size_bytes: size, tag: z.string() })
  .meta({ id: 'UploadedPart' });

/** `POST /uploads/{id}/complete`. */
export const completeUploadBody = z.strictObject({
  parts: z
    .array(
      z.strictObject({
        number: z.int().min(1).max(maxUploadParts),
        size_bytes: size,
        tag: text(400).min(1),
      }),
    )
    .max(maxUploadParts)
    .describe('All parts, by ascending number without a gap; empty for an empty artifact'),
  size_bytes: size.describe('Size of the whole artifact'),
  sha256: sha256.describe('SHA-256 of the whole artifact, as its source has it'),
});

/** An upload that has begun. */
export const uploadAnswer = z
  .object({
    upload_id: z.string().describe('Opaque; good on every instance of the server'),
    artifact_path: z.string().describe('URI to register the artifact with'),
    storage_backend: z.literal('server'),
    storage_key: z.string(),
    part_size_bytes: z.int().describe('Size of every part but the last'),
    max_parts: z.int(),
  })
  .meta({ id: 'Upload' });

/** The parts of an upload. */
export const partsAnswer = z
  .object({
    upload_known: z.boolean().describe('False when it was completed, given up or swept'),
    parts: z.array(partAnswer),
  })
  .meta({ id: 'UploadedParts' });

/** An artifact whose bytes were stored and re-hashed. */
export const completedUploadAnswer = z
  .object({
    artifact_path: z.string(),
    storage_key: z.string(),
    size_bytes: size,
    sha256,
    version: z.string().describe('The ETag of the content'),
  })
  .meta({ id: 'CompletedUpload' });
