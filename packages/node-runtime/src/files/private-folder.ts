import { mkdir } from 'node:fs/promises';

/** Makes a folder, and those above it that are missing, for its owner alone (0700). An existing one stays as it is. */
export async function makePrivateFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
}
