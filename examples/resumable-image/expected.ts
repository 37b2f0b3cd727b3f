/**
 * SHA-256 of the finished disk. The image is the same on every machine, to the byte; the test makes it without
 * `bldst`, by running the steps one after the other, and compares.
 */
export const expectedSha256 = '4ba9cc78b41471a081e8fce0725836601488c9ecb290ac331bea3e7a1f609724';
