import BuildResume from '../build/resume.ts';

/** `bldst resume create`: the same as `bldst build resume`, beside the other commands about requests. */
export default class ResumeCreate extends BuildResume {
  static override examples = [
    {
      description: 'Go on with a state that you choose',
      command: '<%= config.bin %> resume create linux:42 --from-state 25 --reason "New package mirror"',
    },
  ];
}
