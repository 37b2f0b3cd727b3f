import { UnauthenticatedError } from '@buildstate/core/light';
import * as Flags from '@oclif/core/flags';
import { optionalArgument } from '../../base/args.ts';
import { trackerFlags } from '../../base/flags.ts';
import { OutputCommand } from '../../base/output-command.ts';
import { credentialsPath, storeKey } from '../../connect/config-credentials.ts';
import { loadSettings } from '../../connect/config-file.ts';
import { findTracker } from '../../connect/find-tracker.ts';
import { originOf } from '../../connect/origin.ts';
import { readSecret } from '../../connect/read-secret.ts';
import { isOfKind } from '../../errors/known-error.ts';
import { UsageError } from '../../errors/usage-error.ts';

/** `bldst auth set-key` */
export default class AuthSetKey extends OutputCommand {
  static override summary = 'Store an API key for a server. It is only ever sent to that server.';
  static override description =
    'The key is asked for, or read from standard input with --key-stdin; never an argument, which others could see. It is kept in a file that only you can read. The server is asked whether the key is good; if it cannot be reached, the key is stored unproven.';
  static override args = { key: optionalArgument('Not here: see --key-stdin.') };
  static override flags = {
    tracker: trackerFlags.tracker,
    'key-stdin': Flags.boolean({ summary: 'Read the key from standard input.' }),
  };
  static override examples = [
    {
      description: 'From a file or a secret manager',
      command: 'echo "dev-key-12345" | <%= config.bin %> auth set-key --tracker "$BLDST_TRACKER" --key-stdin',
    },
  ];

  async run(): Promise<void> {
    const { args, flags } = await this.parse(AuthSetKey);
    if (args.key !== undefined) {
      throw new UsageError(
        'A key on the command line can be seen by others. Leave it away to be asked for it, or use --key-stdin.',
      );
    }
    const { env } = this.session;
    const { url } = await findTracker(flags.tracker, loadSettings(env), this.session);
    const origin = originOf(url);
    if (origin === undefined) {
      throw new UsageError(
        `${url} needs no API key: keys are for servers. Name one with --tracker https://….`,
      );
    }
    const key = await readSecret('API key', flags['key-stdin'], this.session);
    const caller = await this.#ask(url, key);
    await storeKey(env, origin, key);
    await this.show({
      body: { origin, caller: caller ?? null, credentialsFile: credentialsPath(env) },
      ids: () => [origin],
      text: () =>
        caller === undefined
          ? `Stored a key for ${origin}.`
          : `Stored a key for ${origin}: ${caller.id}, may ${caller.scopes.join(', ')}.`,
    });
  }

  /** Whom the key belongs to, or `undefined` when the server cannot be asked. @throws UnauthenticatedError */
  async #ask(url: string, apiKey: string) {
    const { env, open } = this.session;
    try {
      await using client = await open({ url, apiKey, movesBytes: false, env });
      return await client.whoami();
    } catch (error) {
      if (isOfKind(error, 'unauthenticated')) {
        throw new UnauthenticatedError(
          `The server does not accept this key, so it was not stored. ${error.message}`,
          {
            cause: error,
          },
        );
      }
      if (!isOfKind(error, 'unavailable') && !isOfKind(error, 'timeout')) throw error;
      await this.caution(`The key could not be proven: ${error.message}`);
      return undefined;
    }
  }
}
