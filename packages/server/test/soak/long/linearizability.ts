import { storeFor } from '../../support/store-for.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { checkHistories } from '../linearizability/histories.ts';

/**
 * `npm run soak -- linearizability [histories] [sqlite|folder|file|postgres] [seed]`: histories of 100 operations by 8
 * clients of 3 servers. Prints what was done, and what cannot have happened one thing after the other.
 */
const [histories = '1000', kind = 'postgres', seed = String(Date.now() % 2 ** 30)] = process.argv.slice(2);
const folder = await temporaryFolder();
const place = await storeFor(kind, folder.path);
const started = performance.now();
try {
  const onHistory = (made: number, complaints: number) => {
    if (made % 25 === 0) process.stderr.write(`${made} histories, ${complaints} complaints\n`);
  };
  const options = { folder: folder.path, url: place.url, built: true, onHistory };
  const result = await checkHistories({ ...options, histories: Number(histories), seed: Number(seed) });
  for (const complaint of result.complaints) process.stderr.write(`${complaint}\n`);
  const seconds = Math.round((performance.now() - started) / 1000);
  const complaints = result.complaints.length;
  process.stdout.write(
    `${JSON.stringify({ suite: 'linearizability', store: kind, seed, ...result, complaints, seconds })}\n`,
  );
  process.exitCode = complaints === 0 ? 0 : 1;
} finally {
  await place.remove();
  await folder.remove();
}
