import { periodFlag, projectFlag } from '../../base/figure-flags.ts';
import { TrackerCommand } from '../../base/tracker-command.ts';
import { present } from '../../values/present.ts';
import { resumeFiguresView } from '../../views/figures.ts';

/** `bldst metric resumes` */
export default class MetricResumes extends TrackerCommand {
  static override summary = 'Show what became of resumes, and how much work they saved.';
  static override flags = { project: projectFlag, period: periodFlag };
  static override examples = [
    { description: 'The last 30 days', command: '<%= config.bin %> metric resumes' },
    {
      description: 'Seconds saved in a week, for a script',
      command: '<%= config.bin %> metric resumes --period 7d --json | jq .time_saved.saved_seconds',
    },
  ];

  async run(): Promise<void> {
    const { flags } = await this.parse(MetricResumes);
    const { figures } = await this.client();
    const query = present({ projectId: flags.project, period: flags.period ?? '30d' });
    const [stats, timeSaved, success] = await Promise.all([
      figures.resumes(query),
      figures.timeSaved(query),
      figures.resumeSuccess(query),
    ]);
    await this.show(resumeFiguresView({ stats, timeSaved, success }));
  }
}
