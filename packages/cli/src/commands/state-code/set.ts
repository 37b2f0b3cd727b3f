import * as Flags from '@oclif/core/flags';
import { ProjectCommand, projectFlag, projectStateArguments } from '../../base/project-command.ts';
import { durationSeconds } from '../../values/duration.ts';
import { present } from '../../values/present.ts';
import { projectStateCode } from '../../values/state.ts';
import { stateCodeListView } from '../../views/state-code.ts';

/** `bldst state-code set` */
export default class StateCodeSet extends ProjectCommand {
  static override summary = 'Add a state to a catalogue, or change one. What is not named stays as it is.';
  static override args = projectStateArguments;
  static override flags = {
    project: projectFlag,
    name: Flags.string({ char: 'n', summary: 'What scripts call it: lower-case-words.', helpValue: 'NAME' }),
    alias: Flags.string({
      summary: 'Another name for it.',
      helpValue: 'NAME',
      multiple: true,
      multipleNonGreedy: true,
    }),
    'display-name': Flags.string({ summary: 'What people read.', helpValue: 'TEXT' }),
    description: Flags.string({ char: 'd', summary: 'What happens in it.', helpValue: 'TEXT' }),
    after: Flags.string({
      aliases: ['prerequisite'],
      summary: 'A state that must be completed or skipped before.',
      helpValue: 'N|NAME',
      multiple: true,
      multipleNonGreedy: true,
    }),
    expected: Flags.string({ summary: 'How long it takes as a rule.', helpValue: 'TIME' }),
    final: Flags.boolean({ summary: 'A build is completed with it.', allowNo: true }),
  };
  static override examples = [
    {
      description: 'A step between 40 and 45',
      command:
        '<%= config.bin %> state-code set linux 42 --name firewall-config --display-name "Firewall" --expected 5m',
    },
  ];

  async run(): Promise<void> {
    const { args, flags } = await this.parse(StateCodeSet);
    const { project, state } = this.projectAndState(args, flags.project);
    const client = await this.client();
    const code = (text: string) => projectStateCode(client, project, text);
    const entry = await client.stateCodes.put(
      project,
      await code(state),
      present({
        name: flags.name,
        aliases: flags.alias,
        displayName: flags['display-name'],
        description: flags.description,
        prerequisites: flags.after === undefined ? undefined : await Promise.all(flags.after.map(code)),
        expectedDurationSeconds:
          flags.expected === undefined ? undefined : durationSeconds('expected', flags.expected),
        isFinal: flags.final,
      }),
    );
    await this.show(stateCodeListView([entry], entry));
  }
}
