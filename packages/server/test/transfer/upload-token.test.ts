import { NotFoundError } from '@buildstate/core';
import { loadKeyRing } from '@buildstate/node-runtime';
import { describe, expect, it } from 'vitest';
import { openUpload, sealUpload } from '../../src/transfer/upload-token.ts';

const facts = {
  buildId: '019aa000-0000-7000-8000-000000000001',
  projectId: '019aa000-0000-7000-8000-000000000002',
  handle: { key: 'p/1/state-10/a/ü.img', uploadId: 'u-1' },
  partBytes: 8_388_608,
};
const ring = (secret: string) => loadKeyRing({ single: secret });
const ours = 'f3c9a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e';
const theirs = 'a17be45c09d2f3886b1c7e0f5a943d21c6b08f7e2d5a4b3918c7f6e5d4b3a201';

describe('upload ids', () => {
  it('are read by every server with the same key ring', async () => {
    const id = sealUpload(facts, await ring(ours));
    expect(openUpload(id, await ring(ours))).toEqual(facts);
  });

  it('are not known to a server with another key ring', async () => {
    const id = sealUpload(facts, await ring(ours));
    const other = await ring(theirs);
    expect(() => openUpload(id, other)).toThrow(NotFoundError);
  });

  it('are not known when any character was changed, cut or added', async () => {
    const keys = await ring(ours);
    const id = sealUpload(facts, keys);
    for (let index = 0; index < id.length; index++) {
      const other = id[index] === 'A' ? 'B' : 'A';
      const changed = `${id.slice(0, index)}${other}${id.slice(index + 1)}`;
      expect(() => openUpload(changed, keys)).toThrow(NotFoundError);
      expect(() => openUpload(id.slice(0, index), keys)).toThrow(NotFoundError);
    }
    for (const hostile of ['', '.', '..', `${id}.x`, 'a.b.c', `${id}\0`]) {
      expect(() => openUpload(hostile, keys)).toThrow(NotFoundError);
    }
  });

  it('are not signatures made for anything else', async () => {
    const keys = await ring(ours);
    const [payload = '', keyId = ''] = sealUpload(facts, keys).split('.');
    const elsewhere = Buffer.from(keys.sign(Buffer.from(payload)).signature).toString('base64url');
    expect(() => openUpload(`${payload}.${keyId}.${elsewhere}`, keys)).toThrow(NotFoundError);
  });
});
