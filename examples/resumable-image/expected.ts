/**
 * SHA-256 of the finished disk. The image is the same on every machine, to the byte; the test makes it without
 * `bldst`, by running the steps one after the other, and compares.
 */
export const expectedSha256 = 'c5eead4454febb127bab0791d2d16e771f4df142c0c68dfbb7b0f42fcc8551fe';
