import { projectFlag } from '../../base/figure-flags.ts';
import { TrackerCommand } from '../../base/tracker-command.ts';
import { present } from '../../values/present.ts';
import { storageUsageView } from '../../views/figures.ts';

/** `bldst metric storage` */
export default class MetricStorage extends TrackerCommand {
  static override summary = 'Show how much artifacts take, by backend and type.';
  static override flags = { project: projectFlag };
  static override examples = [
    { description: 'Who takes the space?', command: '<%= config.bin %> metric storage' },
  ];

  async run(): Promise<void> {
    const { flags } = await this.parse(MetricStorage);
    const { figures } = await this.client();
    await this.show(storageUsageView(await figures.storage(present({ projectId: flags.project }))));
  }
}
