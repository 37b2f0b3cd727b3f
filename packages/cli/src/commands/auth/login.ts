import * as Flags from '@oclif/core/flags';
import { optionalArgument } from '../../base/args.ts';
import { trackerFlags } from '../../base/flags.ts';
import { OutputCommand } from '../../base/output-command.ts';
import { credentialsPath, storeKey } from '../../connect/config-credentials.ts';
import { loadSettings } from '../../connect/config-file.ts';
import { findTracker } from '../../connect/find-tracker.ts';
import { logIn } from '../../connect/log-in.ts';
import { originOf } from '../../connect/origin.ts';
import { readSecret } from '../../connect/read-secret.ts';
import { UsageError } from '../../errors/usage-error.ts';
import { moment } from '../../output/amounts.ts';

/** `bldst auth login` */
export default class AuthLogin extends OutputCommand {
  static override summary =
    'Log in to a server with a name and a password, for as long as its token is good.';
  static override description =
    'The password is asked for, or read from standard input with --password-stdin; never an argument, which others could see. What the server answers is stored in place of a key for exactly this server, in a file that only you can read. For machines make a key instead: bldst token create.';
  static override args = { username: optionalArgument('Your name. Default: that of the system.') };
  static override flags = {
    tracker: trackerFlags.tracker,
    'password-stdin': Flags.boolean({ summary: 'Read the password from standard input.' }),
  };
  static override examples = [
    {
      description: 'From a secret manager',
      command:
        'echo "user123" | <%= config.bin %> auth login user --tracker "$BLDST_TRACKER" --password-stdin',
    },
  ];

  async run(): Promise<void> {
    const { args, flags } = await this.parse(AuthLogin);
    const { env, now } = this.session;
    const { url } = await findTracker(flags.tracker, loadSettings(env), this.session);
    const origin = originOf(url);
    if (origin === undefined) {
      throw new UsageError(`${url} needs no login: that is for servers. Name one with --tracker https://….`);
    }
    const username = args.username ?? env.USER ?? env.USERNAME;
    if (!username) throw new UsageError('Who are you? Give your name as an argument.');
    const fromStdin = flags['password-stdin'];
    const password = await readSecret(`password of ${username}`, fromStdin, this.session, '--password-stdin');
    const { token, expiresIn } = await logIn({ url, username, password, env });
    await storeKey(env, origin, token);
    const expiresAt = new Date(now() + expiresIn * 1000).toISOString();
    await this.show({
      body: { origin, username, expiresAt, credentialsFile: credentialsPath(env) },
      ids: () => [origin],
      text: () => `Logged in to ${origin} as ${username}, until ${moment(expiresAt, now())}.`,
    });
  }
}
