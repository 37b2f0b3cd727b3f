import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { leaseTokenFlag } from '../../base/artifact-flags.ts';
import { TrackerCommand } from '../../base/tracker-command.ts';
import { UsageError } from '../../errors/usage-error.ts';
import { readAssignments } from '../../values/assignments.ts';
import { jsonValue } from '../../values/json.ts';
import { present } from '../../values/present.ts';
import { buildStateCode } from '../../values/state.ts';
import { variableListView } from '../../views/variable.ts';

const types = ['string', 'json', 'encrypted'] as const;

/** `bldst variable set` */
export default class VariableSet extends TrackerCommand {
  static override summary = 'Set variables that a resumed build needs.';
  static override description = [
    'KEY=- takes the value from standard input and KEY=@FILE from a file, so that it is not seen in the list of processes; a newline at their end is not part of it. --literal takes such values as they stand.',
    'Sensitive values are encrypted where they are kept, and never listed.',
  ].join('\n');
  static override usage = 'variable set [BUILD] KEY=VALUE...';
  static override args = {
    words: Args.string({
      description:
        'The build, unless BLDST_BUILD_ID or .bldst-build names it, then KEY=VALUE, as many as there are.',
      multiple: true,
      ignoreStdin: true,
    }),
  };
  static override flags = {
    state: Flags.string({ summary: 'The state that set it.', helpValue: 'N|NAME' }),
    type: Flags.string({ char: 't', summary: 'How the value is kept.', options: [...types] }),
    'required-for-resume': Flags.boolean({ summary: 'A build cannot be resumed without it.', allowNo: true }),
    sensitive: Flags.boolean({ summary: 'Keep it encrypted and hidden.' }),
    literal: Flags.boolean({ summary: 'Take - and @FILE as the values themselves.' }),
    'lease-token': leaseTokenFlag,
  };
  static override examples = [
    {
      description: 'Two at once',
      command:
        '<%= config.bin %> variable set linux:42 ami_id=ami-0abc123 region=us-east-1 --required-for-resume',
    },
    {
      description: 'A secret',
      command:
        'printf %s "$VAULT_PASSWORD" | <%= config.bin %> variable set linux:42 VAULT_PASSWORD=- --sensitive',
    },
  ];

  async run(): Promise<void> {
    const { args, flags } = await this.parse(VariableSet);
    const words = [args.words ?? []].flat() as string[];
    const [first] = words;
    const named = first !== undefined && !first.includes('=');
    const build = this.build(named ? first : undefined);
    const assignments = await readAssignments(named ? words.slice(1) : words, flags.literal, this.session);
    if (assignments.length === 0) throw new UsageError('Set what? Give KEY=VALUE after the build.');
    if (flags.sensitive && assignments.some(({ visible }) => visible)) {
      await this.caution(
        'Other users of this machine may have seen the value on the command line: KEY=- or KEY=@FILE hide it.',
      );
    }
    const client = await this.client();
    const common = present({
      variableType: flags.type as (typeof types)[number] | undefined,
      setAtState: flags.state === undefined ? undefined : await buildStateCode(client, build, flags.state),
      isSensitive: flags.sensitive || undefined,
      isRequiredForResume: flags['required-for-resume'],
      leaseToken: await this.leaseToken(build, flags['lease-token']),
    });
    const records = [];
    for (const { key, value } of assignments) {
      const variableValue = flags.type === 'json' ? jsonValue(key, value) : value;
      records.push(await client.variables.set(build, { variableKey: key, variableValue, ...common }));
    }
    await this.show({
      ...variableListView(records),
      // One variable, one record; several, an array.
      body: records.length === 1 ? records[0] : records,
    });
  }
}
