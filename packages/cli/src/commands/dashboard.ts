import * as Flags from '@oclif/core/flags';
import { projectFlag } from '../base/figure-flags.ts';
import { TrackerCommand } from '../base/tracker-command.ts';
import { present } from '../values/present.ts';
import { dashboardView } from '../views/figures.ts';

/** `bldst dashboard` */
export default class Dashboard extends TrackerCommand {
  static override summary = 'Show how the builds stand at a glance.';
  static override flags = {
    project: projectFlag,
    platform: Flags.string({
      summary: 'Only builds for this platform.',
      helpValue: 'NAME',
      exclusive: ['project'],
    }),
  };
  static override examples = [
    { description: 'How do things stand?', command: '<%= config.bin %> dashboard' },
    { description: 'In one project', command: '<%= config.bin %> dashboard --project linux' },
  ];

  async run(): Promise<void> {
    const { flags } = await this.parse(Dashboard);
    const { figures } = await this.client();
    const summary =
      flags.platform === undefined
        ? await figures.summary(present({ projectId: flags.project }))
        : await figures.platform(flags.platform);
    await this.show(dashboardView(summary));
  }
}
