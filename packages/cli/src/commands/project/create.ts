import * as Flags from '@oclif/core/flags';
import { requiredArgument } from '../../base/args.ts';
import { projectFlags } from '../../base/project-flags.ts';
import { TrackerCommand } from '../../base/tracker-command.ts';
import { present } from '../../values/present.ts';
import { projectFields } from '../../values/project-fields.ts';
import { projectView } from '../../views/project.ts';

/** `bldst project create` */
export default class ProjectCreate extends TrackerCommand {
  static override summary = 'Create a project: a family of images with its own catalogue of states.';
  static override args = { name: requiredArgument('Its name.') };
  static override flags = {
    ...projectFlags,
    id: Flags.string({ summary: 'Its id, if you bring your own.', helpValue: 'UUID' }),
  };
  static override examples = [
    {
      description: 'Create a project',
      command:
        '<%= config.bin %> project create rhel9-base --description "RHEL 9 base images" --artifact-base s3://my-builds',
    },
  ];

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ProjectCreate);
    const client = await this.client();
    const fields = await projectFields(client, flags);
    await this.show(
      projectView(await client.projects.create({ name: args.name, ...fields, ...present({ id: flags.id }) })),
    );
  }
}
