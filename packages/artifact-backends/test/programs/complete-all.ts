/** Completes the uploads in the second argument in the folder in the first; says so when it begins. */
import type { UploadedPart, UploadHandle } from '@buildstate/core';
import { openFsBackend } from '../../src/fs/index.ts';

const [root = '', text = '[]'] = process.argv.slice(2);
const uploads = JSON.parse(text) as readonly { upload: UploadHandle; parts: readonly UploadedPart[] }[];
const backend = await openFsBackend({ root });
process.stdout.write('under way\n');
for (const { upload, parts } of uploads) await backend.completeUpload(upload, parts);
