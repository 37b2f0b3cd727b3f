import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { connect } from '../../src/index.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bldst-signature-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Puts other bytes in an artifact's place and makes its record agree, past the tracker. */
function tamper(database: string, artifact: { readonly id: string; readonly artifactPath: string }): void {
  const bytes = Buffer.from('other bytes, of the same size.');
  writeFileSync(fileURLToPath(artifact.artifactPath), bytes);
  const checksum = createHash('sha256').update(bytes).digest('hex');
  const db = new DatabaseSync(database);
  db.prepare('UPDATE build_artifacts SET checksum = ? WHERE id = ?').run(checksum, artifact.id);
  db.close();
}

it('refuses an artifact whose bytes and record were both changed past the tracker', async () => {
  const database = join(folder, 'builds.db');
  const source = join(folder, 'image.raw');
  writeFileSync(source, 'thirty bytes of an image here.');
  await using client = await connect(database, { env: { HOME: folder } });
  const build = await client.builds.create({ project: 'p', buildNumber: '1' });
  await client.artifacts.upload(build.id, { source: { path: source }, state: 10, name: 'image' });
  const artifact = await client.artifacts.get(build.id, 'image');
  expect(artifact.signature).toContain('HMAC-SHA256');
  tamper(database, artifact);
  const target = join(folder, 'fetched.raw');
  await expect(client.artifacts.download(build.id, { name: 'image' }, target)).rejects.toMatchObject({
    kind: 'integrity',
    message: expect.stringMatching(/signature/i),
  });
  expect(existsSync(target)).toBe(false);
  const seen = await client.artifacts.verify(build.id, 'image');
  expect(seen.verificationStatus).toBe('corrupt');
});
