// Starts a command that would run for a minute, prints its process id, and waits to be killed.
import { startCommand } from '../../src/step/command/run-command.ts';
import { OutputTail } from '../../src/step/output/output-tail.ts';
import { SecretMasker } from '../../src/step/output/secret-masker.ts';

const command = await startCommand({
  argv: ['sleep', '60'],
  folder: process.argv[2] ?? '/',
  environment: { PATH: process.env.PATH },
  stdout: process.stderr,
  stderr: process.stderr,
  masker: new SecretMasker(),
  tail: new OutputTail(),
});
process.stdout.write(`${command.pid}\n`);
await command.ended;
