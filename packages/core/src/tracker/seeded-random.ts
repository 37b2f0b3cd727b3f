import type { Crypto } from '../ports/crypto.ts';

const hashBytes = 32;

/**
 * Bytes that look random and are the same each time for the same seed, for secrets that a request makes: whoever
 * performs it again makes the same ones.
 * @param seed secret, with as many random bits as what is made of it should have
 */
export function seededRandom(
  crypto: Pick<Crypto, 'sha256Hex'>,
  seed: string,
): (length: number) => Uint8Array {
  let calls = 0;
  return (length) => {
    calls += 1;
    const bytes = new Uint8Array(length);
    for (let start = 0; start < length; start += hashBytes) {
      const block = crypto.sha256Hex(`${seed} ${calls} ${start}`);
      for (let index = start; index < Math.min(length, start + hashBytes); index++) {
        bytes[index] = Number.parseInt(block.slice(2 * (index - start), 2 * (index - start) + 2), 16);
      }
    }
    return bytes;
  };
}
