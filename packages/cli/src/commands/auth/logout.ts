import * as Flags from '@oclif/core/flags';
import { trackerFlags } from '../../base/flags.ts';
import { OutputCommand } from '../../base/output-command.ts';
import { forgetKey, knownOrigins } from '../../connect/config-credentials.ts';
import { loadSettings } from '../../connect/config-file.ts';
import { findTracker } from '../../connect/find-tracker.ts';
import { originOf } from '../../connect/origin.ts';
import { UsageError } from '../../errors/usage-error.ts';

/** `bldst auth logout` */
export default class AuthLogout extends OutputCommand {
  static override summary = 'Forget the API key of a server.';
  static override flags = {
    tracker: trackerFlags.tracker,
    all: Flags.boolean({ summary: 'Forget the keys of all servers.', exclusive: ['tracker'] }),
  };
  static override examples = [
    { description: 'Forget the key of the present server', command: '<%= config.bin %> auth logout' },
  ];

  async run(): Promise<void> {
    const { flags } = await this.parse(AuthLogout);
    const { env } = this.session;
    const origins = flags.all ? knownOrigins(env) : [await this.#origin(flags.tracker)];
    const forgotten: string[] = [];
    for (const origin of origins) if (await forgetKey(env, origin)) forgotten.push(origin);
    await this.show({
      body: { forgotten },
      ids: () => forgotten,
      text: () =>
        forgotten.length === 0
          ? `No key was stored${flags.all ? '' : ` for ${origins.join(', ')}`}.`
          : `Forgot the key for ${forgotten.join(', ')}.`,
    });
  }

  async #origin(flag: string | undefined): Promise<string> {
    const { url } = await findTracker(flag, loadSettings(this.session.env), this.session);
    const origin = originOf(url);
    if (origin !== undefined) return origin;
    throw new UsageError(
      `${url} is no server, so there is no key for it. Name one with --tracker https://….`,
    );
  }
}
