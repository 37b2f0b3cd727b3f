// Downloads one object, in a process that can be killed: endpoint, target, SHA-256, size, piece size.
import { downloadFile } from '@buildstate/transfer';
import { openBackend } from '../../src/index.ts';

const [endpoint, target = '', sha256, sizeBytes, pieceBytes] = process.argv.slice(2);
const credentials = { accessKeyId: 'key', secretAccessKey: 'secret' };
const backend = await openBackend('s3://bucket', { s3: { endpoint, credentials } });
await downloadFile({
  backend,
  key: 'key',
  target,
  expected: { sha256, sizeBytes: Number(sizeBytes) },
  pieceBytes: Number(pieceBytes),
});

await backend.close();
