import * as Flags from '@oclif/core/flags';
import { buildArgument } from '../../base/args.ts';
import { mostFlag } from '../../base/flags.ts';
import { TrackerCommand } from '../../base/tracker-command.ts';
import { present } from '../../values/present.ts';
import { variableListView } from '../../views/variable.ts';

/** `bldst variable list` */
export default class VariableList extends TrackerCommand {
  static override summary = 'List the variables of a build; sensitive values are left out.';
  static override args = { build: buildArgument };
  static override flags = {
    'required-for-resume': Flags.boolean({
      summary: 'Only those that a build cannot be resumed without.',
      allowNo: true,
    }),
    ...mostFlag,
  };
  static override examples = [
    { description: 'All of them', command: '<%= config.bin %> variable list linux:42' },
    { description: 'Into a script', command: 'eval "$(<%= config.bin %> variable list linux:42 -o env)"' },
  ];

  async run(): Promise<void> {
    const { args, flags } = await this.parse(VariableList);
    const build = this.build(args.build);
    const client = await this.client();
    const query = present({ requiredForResume: flags['required-for-resume'] });
    await this.showList(await client.variables.list(build, query), flags.limit, variableListView);
  }
}
