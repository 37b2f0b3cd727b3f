import type { BodyOf } from '@buildstate/client';
import * as Flags from '@oclif/core/flags';
import { ProjectCommand, projectFlag, projectStateArguments } from '../../base/project-command.ts';
import { UsageError } from '../../errors/usage-error.ts';
import { failureCategories, notifyMoments, policyPresets } from '../../values/choices.ts';
import { durationSeconds } from '../../values/duration.ts';
import { present } from '../../values/present.ts';
import { projectStateCode } from '../../values/state.ts';
import { retryPolicyListView } from '../../views/retry-policy.ts';

type Policy = BodyOf<'putRetryPolicy'>;

/** `bldst retry-policy set` */
export default class RetryPolicySet extends ProjectCommand {
  static override summary = 'Say how a failed state is tried again.';
  static override args = projectStateArguments;
  static override flags = {
    project: projectFlag,
    preset: Flags.string({ summary: 'What the other flags start from.', options: [...policyPresets] }),
    'max-attempts': Flags.integer({ summary: 'Tries in all.', helpValue: 'N', min: 1, max: 100 }),
    'initial-delay': Flags.string({ summary: 'Pause before the second try.', helpValue: 'TIME' }),
    'max-delay': Flags.string({ summary: 'Longest pause.', helpValue: 'TIME' }),
    multiplier: Flags.string({
      summary: 'How much longer each pause is than the one before.',
      helpValue: 'N',
    }),
    jitter: Flags.string({ summary: 'Whether pauses vary at random.', options: ['none', 'full'] }),
    'retry-on': Flags.string({
      summary: 'A category of failures that are tried again.',
      options: [...failureCategories],
      multiple: true,
      multipleNonGreedy: true,
    }),
    'notify-on': Flags.string({ summary: 'When a person is told.', options: [...notifyMoments] }),
  };
  static override examples = [
    {
      description: 'State 10 four times, half an hour apart at most',
      command:
        '<%= config.bin %> retry-policy set linux 10 --max-attempts 4 --initial-delay 5m --max-delay 30m',
    },
    {
      description: 'Everything else by hand',
      command: '<%= config.bin %> retry-policy set linux default --preset manual',
    },
  ];

  async run(): Promise<void> {
    const { args, flags } = await this.parse(RetryPolicySet);
    const { project, state } = this.projectAndState(args, flags.project);
    const seconds = (name: 'initial-delay' | 'max-delay') => {
      const text = flags[name];
      return text === undefined ? undefined : durationSeconds(name, text);
    };
    const policy: Policy = present({
      preset: flags.preset as Policy['preset'],
      maxAttempts: flags['max-attempts'],
      initialDelaySeconds: seconds('initial-delay'),
      maxDelaySeconds: seconds('max-delay'),
      multiplier: factor(flags.multiplier),
      jitter: flags.jitter as Policy['jitter'],
      retryOn: flags['retry-on'] as Policy['retryOn'],
      notifyOn: flags['notify-on'] as Policy['notifyOn'],
    });
    if (Object.keys(policy).length === 0) throw new UsageError('Say how it is to be tried again.');
    const client = await this.client();
    const stateCode = state === 'default' ? 'default' : await projectStateCode(client, project, state);
    const record = await client.retryPolicies.put(project, stateCode, policy);
    await this.show(retryPolicyListView([record], record));
  }
}

function factor(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  throw new UsageError(`--multiplier must be a number from 1 to 100, not "${text}".`);
}
