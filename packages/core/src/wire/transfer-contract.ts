import { z } from 'zod';
import type { Camelized } from './casing.ts';
import type { Schemas } from './contract.ts';
import { artifactParams } from './schemas/artifacts.ts';
import { buildParams, noQuery } from './schemas/common.ts';
import * as transfer from './schemas/transfer.ts';
import type { TransferName } from './transfer-routes.ts';
import { checkAgainst, type RawInput } from './validate.ts';

const none = z.undefined();

/** The schemas of the transfer endpoints. Bodies and answers that are raw bytes are `undefined` here. */
export const transferSchemas = {
  createUpload: {
    params: buildParams,
    query: noQuery,
    body: transfer.createUploadBody,
    answer: transfer.uploadAnswer,
  },
  uploadPart: { params: transfer.partParams, query: noQuery, body: none, answer: transfer.partAnswer },
  listParts: { params: transfer.uploadParams, query: noQuery, body: none, answer: transfer.partsAnswer },
  completeUpload: {
    params: transfer.uploadParams,
    query: noQuery,
    body: transfer.completeUploadBody,
    answer: transfer.completedUploadAnswer,
  },
  abortUpload: { params: transfer.uploadParams, query: noQuery, body: none, answer: none },
  getArtifactContent: { params: artifactParams, query: noQuery, body: none, answer: none },
} as const satisfies Record<TransferName, Schemas>;

type SchemasOf<K extends TransferName> = (typeof transferSchemas)[K];

/** A transfer endpoint's input after the check, with TypeScript's names. */
export interface CheckedTransfer<K extends TransferName> {
  /** What stands in the path. */
  readonly params: Camelized<z.output<SchemasOf<K>['params']>>;
  /** What is sent as JSON. */
  readonly body: Camelized<z.output<SchemasOf<K>['body']>>;
}

/** What a transfer endpoint answers, with TypeScript's names. */
export type TransferAnswer<K extends TransferName> = Camelized<z.output<SchemasOf<K>['answer']>>;

/**
 * Checks the input of a transfer endpoint and translates its names.
 * @param ignored see `checkAgainst`
 * @throws ValidationError that names every invalid field
 */
export function checkTransfer<K extends TransferName>(
  endpoint: K,
  input: RawInput,
  ignored?: string[],
): CheckedTransfer<K> {
  return checkAgainst(endpoint, transferSchemas[endpoint], input, ignored) as unknown as CheckedTransfer<K>;
}
