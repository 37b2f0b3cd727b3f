import type { BackendCapabilities } from '@buildstate/core';

const mebibyte = 1024 * 1024;

/** What holds for a backend that says nothing else. */
export const defaultCapabilities: BackendCapabilities = {
  minPartBytes: 1,
  maxParts: 10_000,
  maxPartBytes: 5 * 1024 * mebibyte,
  maxPutBytes: 8 * mebibyte,
  equalParts: false,
  conditionalPut: false,
  resumableUploads: true,
};
