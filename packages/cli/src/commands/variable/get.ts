import { TrackerCommand } from '../../base/tracker-command.ts';
import { variableArguments } from '../../base/variable-args.ts';
import { buildAndName } from '../../values/positionals.ts';
import { variableView } from '../../views/variable.ts';

/** `bldst variable get` */
export default class VariableGet extends TrackerCommand {
  static override summary = 'Print the value of a variable.';
  static override description = 'A sensitive value needs a key with the write scope.';
  static override args = variableArguments;
  static override examples = [
    { description: 'Its value', command: '<%= config.bin %> variable get linux:42 ami_id' },
  ];

  async run(): Promise<void> {
    const { args } = await this.parse(VariableGet);
    const words = buildAndName([args.build, args.key], 'KEY');
    const build = this.build(words.build);
    const client = await this.client();
    await this.show(variableView(await client.variables.get(build, words.name)));
  }
}
