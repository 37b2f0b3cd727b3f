import * as Flags from '@oclif/core/flags';
import { ProjectCommand, projectArguments, projectFlag } from '../../base/project-command.ts';
import { projectStateCode } from '../../values/state.ts';
import { retryPolicyListView } from '../../views/retry-policy.ts';

/** `bldst retry-policy get` */
export default class RetryPolicyGet extends ProjectCommand {
  static override summary = 'Show how failed states of a project are tried again.';
  static override description =
    'Without --state it lists what the project has set of its own. With it, it shows what holds for that state: its own policy, else the default of the project, else the built-in one.';
  static override args = projectArguments;
  static override flags = {
    project: projectFlag,
    state: Flags.string({ summary: 'What holds for this state.', helpValue: 'N|NAME' }),
  };
  static override examples = [
    { description: 'What a project has set', command: '<%= config.bin %> retry-policy get linux' },
    {
      description: 'What holds for state 10',
      command: '<%= config.bin %> retry-policy get linux --state 10',
    },
  ];

  async run(): Promise<void> {
    const { args, flags } = await this.parse(RetryPolicyGet);
    const project = this.project(args.project, flags.project);
    const client = await this.client();
    if (flags.state === undefined) {
      const policies = await client.retryPolicies.list(project);
      if (policies.length === 0)
        await this.note('The project has no policies of its own; built-in ones hold.');
      await this.show(retryPolicyListView(policies));
      return;
    }
    const record = await client.retryPolicies.get(
      project,
      await projectStateCode(client, project, flags.state),
    );
    await this.show(retryPolicyListView([record], record));
  }
}
