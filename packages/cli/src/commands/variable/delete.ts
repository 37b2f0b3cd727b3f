import { TrackerCommand } from '../../base/tracker-command.ts';
import { variableArguments } from '../../base/variable-args.ts';
import { buildAndName } from '../../values/positionals.ts';
import { deletedView } from '../../views/deleted.ts';

/** `bldst variable delete` */
export default class VariableDelete extends TrackerCommand {
  static override summary = 'Delete a variable.';
  static override args = variableArguments;
  static override examples = [
    { description: 'Delete one', command: '<%= config.bin %> variable delete linux:42 region' },
  ];

  async run(): Promise<void> {
    const { args } = await this.parse(VariableDelete);
    const words = buildAndName([args.build, args.key], 'KEY');
    const build = this.build(words.build);
    const client = await this.client();
    await client.variables.delete(build, words.name);
    await this.show(deletedView(words.name, `Deleted the variable ${words.name}.`));
  }
}
