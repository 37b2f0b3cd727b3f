/**
 * Orders keys by their UTF-8 bytes, as object stores do. JavaScript's own order goes by UTF-16 units and puts
 * characters beyond U+FFFF before some that come earlier.
 */
export function byteOrder(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
