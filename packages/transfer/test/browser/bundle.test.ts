import { fileURLToPath } from 'node:url';
import { runInNewContext } from 'node:vm';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../tools.ts';

const entry = fileURLToPath(new URL('../../src/browser/index.ts', import.meta.url));

/** The browser entry as a page would have it: any import of a module of Node's would be an error. */
async function bundled(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    platform: 'browser',
    format: 'iife',
    globalName: 'transfer',
    conditions: ['@buildstate/source'],
    logLevel: 'silent',
  });
  return outputFiles[0]?.text ?? '';
}

describe('the browser entry', () => {
  it('can be bundled without any module of Node, and verifies a file where there are no Node globals', async () => {
    const code = await bundled();
    expect(code).not.toMatch(/require\("node:|from"node:|import\("node:/);
    const bytes = new TextEncoder().encode('the bytes of a file');
    const blob = { size: bytes.length, stream: () => new Blob([bytes]).stream() };
    const expected = { sha256: sha256(bytes), sizeBytes: bytes.length };
    // What a page has, and no `process`.
    const { WebAssembly } = globalThis as unknown as Record<string, unknown>;
    const context = { WebAssembly, performance, TextEncoder, Uint8Array, blob, expected };
    const verifying: unknown = runInNewContext(`${code}; transfer.verifyBlob(blob, { expected })`, context);
    expect(await verifying).toMatchObject(expected);
  });
});
