import type { BuildStateClient } from '@buildstate/client';
import { buildArgument } from '../../base/args.ts';
import { TrackerCommand } from '../../base/tracker-command.ts';
import { plainVerify, proofOf, verifyFlag } from '../../base/verify-flag.ts';
import type { EnvironmentVariables } from '../../output/view.ts';
import { contextVariables, resumeContextView } from '../../views/resume-context.ts';

/** `bldst build resume-context` */
export default class BuildResumeContext extends TrackerCommand {
  static override summary = 'Show all that is needed to go on: the state, the artifacts, the variables.';
  static override description = [
    'With -o env it is printed for eval: RESUME_STATE, each variable as BLDST_VAR_KEY, the URI of each artifact as BLDST_ARTIFACT_NAME, in capitals and with _ for what a shell does not allow in a name.',
    'With --verify every artifact is looked for, with --verify=deep read and hashed again; the answer says which states run again because of what was found.',
  ].join('\n');
  static override args = { build: buildArgument };
  static override flags = {
    verify: verifyFlag,
  };
  static override examples = [
    {
      description: 'Where it goes on, and with what',
      command: '<%= config.bin %> build resume-context linux:42',
    },
    {
      description: 'Into the environment of a script',
      command: 'eval "$(<%= config.bin %> build resume-context linux:42 -o env)"',
    },
    {
      description: 'Only if every artifact is proven',
      command: '<%= config.bin %> build resume-context linux:42 --verify=deep --json',
    },
  ];

  async run(): Promise<void> {
    const { args, flags } = await this.parse(BuildResumeContext, plainVerify(this.argv));
    const build = this.build(args.build);
    const client = await this.client();
    const context = await client.resume.context(build, { verify: proofOf(flags.verify) });
    // A terminal is no place for secrets; scripts and programs get what the key may see.
    const hidden = this.format === 'table' ? await sensitiveKeys(client, context.buildId) : [];
    await this.show(
      resumeContextView(context, hidden, async (): Promise<EnvironmentVariables> => {
        const { status } = await client.builds.get(context.buildId);
        const { variables, clashes } = contextVariables(context, status);
        for (const clash of clashes) await this.caution(clash);
        return variables;
      }),
    );
  }
}

async function sensitiveKeys(client: BuildStateClient, build: string): Promise<readonly string[]> {
  const variables = await client.variables.list(build);
  return variables.filter(({ isSensitive }) => isSensitive).map(({ variableKey }) => variableKey);
}
