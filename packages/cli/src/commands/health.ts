import { TrackerCommand } from '../base/tracker-command.ts';
import { exitCodes } from '../errors/exit-codes.ts';

/** `bldst health` */
export default class Health extends TrackerCommand {
  static override summary = 'Say whether the tracker can be used now.';
  static override description = 'Exit code 0 when it can, 7 when it cannot be reached or is not healthy.';
  static override examples = [
    { description: 'Is it there?', command: '<%= config.bin %> health' },
    {
      description: 'Wait for a server that has just been started',
      command: 'until <%= config.bin %> health; do sleep 1; done',
    },
  ];

  async run(): Promise<void> {
    await this.parse(Health);
    const client = await this.client();
    const health = await client.health();
    if (health.status !== 'ok') this.exitCode = exitCodes.unreachable.code;
    await this.show({
      body: health,
      ids: () => [health.status],
      text: (style) =>
        `${client.uri} is ${this.exitCode === 0 ? style.good(health.status) : style.bad(health.status)}.`,
    });
  }
}
