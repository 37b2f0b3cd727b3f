import { createCipheriv, createHash, pbkdf2Sync } from 'node:crypto';

/** Hexadecimal SHA-256. */
export function sha256(bytes: Buffer | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/**
 * "Compiles" a package: takes as much work as a small real one, and gives the same bytes on every machine.
 *
 * @param size bytes of the result
 * @param effort rounds of work; 100,000 take some 20 ms
 */
export function compilePackage(name: string, size: number, effort: number): Buffer {
  const key = pbkdf2Sync(name, 'resumable-image', effort, 16, 'sha256');
  return createCipheriv('aes-128-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(size));
}

/** The name of a file for the n-th package of a kind: `LIB007.PKG`. */
export function packageFile(kind: string, index: number): string {
  return `${kind}${String(index).padStart(3, '0')}.PKG`;
}
