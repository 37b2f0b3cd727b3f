import { LimitError, maxUploadParts } from '@buildstate/core';

const mebibyte = 1_048_576;
const smallest = 8 * mebibyte;
/** For sources whose size nobody knows: room for 160 GB. */
const unknownSize = 16 * mebibyte;

/**
 * Size of every part but the last of an upload, in bytes: as small as the number of parts allows, in whole MiB.
 * @param size of the whole artifact; `undefined` when it is not known
 * @param largest part that is taken
 * @throws LimitError when the artifact does not fit into the number of parts
 */
export function partSize(size: number | undefined, largest: number): number {
  const wanted =
    size === undefined
      ? unknownSize
      : Math.max(smallest, Math.ceil(size / maxUploadParts / mebibyte) * mebibyte);
  if (size !== undefined && wanted > largest && size > largest * maxUploadParts) {
    throw new LimitError(
      `An artifact of ${size} bytes is too large for this server: it takes at most ${largest * maxUploadParts}.`,
      { context: { limit_bytes: largest * maxUploadParts } },
    );
  }
  return Math.min(wanted, largest);
}
