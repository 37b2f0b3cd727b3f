/** Reading numbers and texts out of a file's head, which may be shorter than expected. */

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Whether the bytes at an offset are exactly these (as Latin-1 characters). */
export function hasMagic(bytes: Uint8Array, offset: number, magic: string): boolean {
  if (bytes.length < offset + magic.length) return false;
  return [...magic].every((character, index) => bytes[offset + index] === character.charCodeAt(0));
}

/** A 64-bit number that JavaScript can hold exactly, or `undefined` when it cannot or is not there. */
export function uint64(bytes: Uint8Array, offset: number, littleEndian: boolean): number | undefined {
  if (bytes.length < offset + 8) return undefined;
  const value = view(bytes).getBigUint64(offset, littleEndian);
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : undefined;
}

/** A 32-bit number, or `undefined` when it is not there. */
export function uint32(bytes: Uint8Array, offset: number, littleEndian: boolean): number | undefined {
  return bytes.length < offset + 4 ? undefined : view(bytes).getUint32(offset, littleEndian);
}
