import { OutputCommand } from '../../base/output-command.ts';
import { exitCodes, passThroughOffset } from '../../errors/exit-codes.ts';
import { table } from '../../output/table.ts';

/** `bldst help exit-codes` */
export default class HelpExitCodes extends OutputCommand {
  static override summary = 'Say what the exit codes mean.';
  static override examples = [{ description: 'List them', command: '<%= config.bin %> help exit-codes' }];

  async run(): Promise<void> {
    await this.parse(HelpExitCodes);
    const codes = Object.values(exitCodes);
    await this.show({
      body: codes,
      ids: () => codes.map(({ code }) => String(code)),
      text: (style) =>
        [
          table(style, codes, [
            { title: 'Code', value: ({ code }) => String(code), align: 'right' },
            { title: 'Meaning', value: ({ meaning }) => meaning },
          ]),
          '',
          'Commands that run another command (step, run) pass its code through. Their own errors have',
          `${passThroughOffset} added: ${passThroughOffset + exitCodes.conflict.code} is a conflict, ${passThroughOffset + exitCodes.auth.code} not authenticated, and so on.`,
        ].join('\n'),
    });
  }
}
