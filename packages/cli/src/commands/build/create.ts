import {
  type BodyOf,
  type BuildDetails,
  type BuildStateClient,
  type CiJob,
  detectCi,
  jobLink,
} from '@buildstate/client';
import * as Flags from '@oclif/core/flags';
import { TrackerCommand } from '../../base/tracker-command.ts';
import { loadSettings } from '../../connect/config-file.ts';
import { saveBuild } from '../../connect/save-build.ts';
import { hasCode } from '../../errors/known-error.ts';
import { UsageError } from '../../errors/usage-error.ts';
import { jsonObject } from '../../values/json.ts';
import { present } from '../../values/present.ts';
import { resumeStateOf } from '../../values/resume-state.ts';
import { buildView } from '../../views/build.ts';

type NewBuild = BodyOf<'createBuild'>;

const name = (summary: string) => Flags.string({ summary, helpValue: 'NAME' });

/** `bldst build create` */
export default class BuildCreate extends TrackerCommand {
  static override summary = 'Register a build: one run that makes one image.';
  static override description =
    'Projects, platforms and so on that are named for the first time are made, where the server allows it. In a CI job the job is linked to the build, and the number is made from the run, so that a re-run of the job finds its build again.';
  static override flags = {
    project: Flags.string({
      char: 'p',
      summary: 'The project. Default: bldst config get project.',
      helpValue: 'NAME',
    }),
    platform: name('The platform that the image is for.'),
    'os-version': name('The version of its operating system.'),
    'os-distribution': name('The distribution.'),
    'image-type': name('The type of the image.'),
    'image-variant': name('The variant of the image.'),
    'cloud-provider': name('The cloud that it is for.'),
    'build-number': Flags.string({
      char: 'n',
      aliases: ['number'],
      summary: 'Its number, unique in the project. Default: the CI run, else the next one.',
      helpValue: 'TEXT',
    }),
    reuse: Flags.boolean({ summary: 'Answer the build that has this number, if there is one.' }),
    description: Flags.string({ char: 'd', summary: 'What it is for.', helpValue: 'TEXT' }),
    metadata: Flags.string({ summary: 'Your own facts, as a JSON object.', helpValue: 'JSON' }),
    'created-by': name('Who makes it. Default: the key.'),
    id: Flags.string({ summary: 'Its id, if you bring your own.', helpValue: 'UUID' }),
    'no-job': Flags.boolean({ summary: 'Do not link the CI job.' }),
    save: Flags.boolean({ summary: 'Make it the build of this folder: commands here are then about it.' }),
  };
  static override examples = [
    {
      description: 'Register a build',
      command: '<%= config.bin %> build create --project linux --platform aws --build-number 42',
    },
    {
      description: 'For a script: its id',
      command: 'BLDST_BUILD_ID=$(<%= config.bin %> build create --project linux -o id)',
    },
    {
      description: 'Make it the build of this folder',
      command: '<%= config.bin %> build create --project linux --build-number 44 --save',
    },
  ];

  async run(): Promise<void> {
    const { flags } = await this.parse(BuildCreate);
    const { env, cwd } = this.session;
    const project = flags.project ?? loadSettings(env).project;
    if (project === undefined) {
      throw new UsageError(
        'Which project? Give it with --project, or once for all with "bldst config set project NAME".',
      );
    }
    const ci = detectCi(env);
    const number = flags['build-number'] ?? ci?.defaultBuildNumber;
    if (flags.reuse && number === undefined) {
      throw new UsageError('--reuse needs the number of the build: give it with --build-number.');
    }
    const build: NewBuild = present({
      project,
      buildNumber: number,
      id: flags.id,
      platform: flags.platform,
      osVersion: flags['os-version'],
      osDistribution: flags['os-distribution'],
      imageType: flags['image-type'],
      imageVariant: flags['image-variant'],
      cloudProvider: flags['cloud-provider'],
      description: flags.description,
      metadata: jsonObject('metadata', flags.metadata),
      createdBy: flags['created-by'],
      job: flags['no-job'] ? undefined : jobOf(ci),
    });
    const client = await this.client();
    // A number that came from the CI run is taken when the run is repeated: that is the build that is meant.
    const reuse = flags.reuse || (flags['build-number'] === undefined && number !== undefined);
    const details = await this.#create(client, build, reuse);
    if (flags.save)
      await this.note(`Saved as the build of this folder in ${await saveBuild(cwd, details.id)}.`);
    await this.show(buildView(details, () => resumeStateOf(client, details)));
  }

  async #create(client: BuildStateClient, build: NewBuild, reuse: boolean): Promise<BuildDetails> {
    try {
      return await client.builds.create(build);
    } catch (error) {
      if (!reuse || build.buildNumber === undefined || !hasCode(error, 'already_exists')) throw error;
      const details = await client.builds.get(`${build.project}:${build.buildNumber}`);
      await this.note(`Build ${build.project}:${build.buildNumber} exists already; going on with it.`);
      return details;
    }
  }
}

function jobOf(ci: CiJob | undefined): NewBuild['job'] {
  return ci === undefined ? undefined : jobLink(ci);
}
