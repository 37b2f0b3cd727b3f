import * as Flags from '@oclif/core/flags';
import { optionalArgument } from '../../base/args.ts';
import { TrackerCommand } from '../../base/tracker-command.ts';
import { UsageError } from '../../errors/usage-error.ts';
import { scopes } from '../../values/choices.ts';
import { instantOf } from '../../values/duration.ts';
import { present } from '../../values/present.ts';

/** `bldst token create` */
export default class TokenCreate extends TrackerCommand {
  static override summary = 'Make an API key. It is shown once and never again.';
  static override args = { name: optionalArgument('What it is for.') };
  static override flags = {
    name: Flags.string({ char: 'n', summary: 'The same as NAME.', helpValue: 'TEXT' }),
    scope: Flags.string({
      aliases: ['scopes'],
      summary: 'What it may do; never more than your own key.',
      options: [...scopes],
      multiple: true,
      multipleNonGreedy: true,
      delimiter: ',',
      default: ['read', 'write'],
    }),
    project: Flags.string({ char: 'p', summary: 'The only project that it is good for.', helpValue: 'NAME' }),
    expires: Flags.string({
      summary: 'When it stops being good: a time, or a length of time such as 90d.',
      helpValue: 'TIME',
    }),
  };
  static override examples = [
    {
      description: 'A key for one project’s pipeline',
      command: '<%= config.bin %> token create ci-linux --project linux --expires 90d',
    },
    {
      description: 'A key that may only look',
      command: '<%= config.bin %> token create dashboard --scope read',
    },
  ];

  async run(): Promise<void> {
    const { args, flags } = await this.parse(TokenCreate);
    const name = args.name ?? flags.name;
    if (name === undefined) throw new UsageError('What is the key for? Give it a name.');
    const { project, expires } = flags;
    const client = await this.client();
    const token = await client.tokens.create({
      name,
      scopes: flags.scope as (typeof scopes)[number][],
      ...present({
        projectId: project === undefined ? undefined : (await client.projects.get(project)).id,
        expiresAt:
          expires === undefined ? undefined : instantOf('expires', expires, 'ahead', this.session.now()),
      }),
    });
    await this.note(`Key ${token.id} (${token.scopes.join(', ')}). Keep it safe: it is not shown again.`);
    await this.show({
      body: token,
      ids: () => [token.id],
      variables: () => ({ BLDST_API_KEY: token.key }),
      text: () => token.key,
    });
  }
}
