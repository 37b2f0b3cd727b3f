import { buildArgument } from '../base/args.ts';
import { TrackerCommand } from '../base/tracker-command.ts';
import { buildOfSurroundings } from '../connect/build-reference.ts';
import { loadSettings } from '../connect/config-file.ts';
import { type FoundTracker, findTracker } from '../connect/find-tracker.ts';
import { withoutCredentials } from '../connect/origin.ts';
import { type Finding, failed, findingsOf } from '../doctor/finding.ts';
import { lookAtKeyFile, lookAtNode, lookAtSpool } from '../doctor/look-at-machine.ts';
import { lookAtClock, lookAtLocalStore, lookAtStorage, lookAtVersions } from '../doctor/look-at-tracker.ts';
import type { Patient } from '../doctor/patient.ts';
import { doctorView } from '../views/doctor.ts';

/** `bldst doctor` */
export default class Doctor extends TrackerCommand {
  static override summary = 'Look whether everything works: tracker, key, clock, storage, versions, disk.';
  static override description = [
    'One line for each look: ok, warn or fail, and what to try next. A small object is written to where artifacts of the build go (default: the newest build), read and deleted; nothing is recorded.',
    'Exit code 0 when nothing fails, else that of the first failure: 7 when the tracker cannot be reached, 5 when it does not accept the key, and so on.',
  ].join('\n');
  static override args = { build: buildArgument };
  static override examples = [
    { description: 'Why does it not work here?', command: '<%= config.bin %> doctor' },
    {
      description: 'Before a long build: stop if anything is wrong',
      command: '<%= config.bin %> doctor linux:42 --json | jq -e \'.status != "fail"\'',
    },
  ];
  protected override readonly movesBytes = true;

  async run(): Promise<void> {
    const { args } = await this.parse(Doctor);
    const { env } = this.session;
    const tracker = await findTracker(this.shared.tracker, loadSettings(env), this.session);
    const keyFile = lookAtKeyFile(env);
    const findings = [
      lookAtNode(process.version),
      ...(keyFile === undefined ? [] : [keyFile]),
      ...(await this.#lookAt(tracker, args.build)),
    ];
    this.exitCode = findings.find(({ status }) => status === 'fail')?.exitCode ?? 0;
    await this.show(doctorView(findings));
  }

  async #lookAt(tracker: FoundTracker, build: string | undefined): Promise<Finding[]> {
    const { now } = this.session;
    const where = `${withoutCredentials(tracker.url)} (${tracker.where})`;
    const at = now();
    let reached: Pick<Patient, 'client' | 'health'>;
    try {
      const client = await this.client();
      reached = { client, health: await client.health() };
    } catch (error) {
      return [failed('connection', error, 'bldst config show')];
    }
    const asked = { at, until: now() };
    const connection = findingsOf('connection').ok(`${where} answered in ${asked.until - at} ms.`);
    const [credentials, caller] = await this.#credentials(reached.client);
    const named = build ?? buildOfSurroundings(this.session);
    const patient = { ...reached, tracker, asked, caller, session: this.session, build: named };
    return [connection, credentials, ...(await this.#examine(patient))];
  }

  async #credentials(client: Patient['client']): Promise<[Finding, Patient['caller']]> {
    const { ok, warn } = findingsOf('credentials');
    try {
      const caller = await client.whoami();
      const may = `${caller.id} may ${caller.scopes.join(', ')}${caller.projectId === null ? '' : `, in the project ${caller.projectId} alone`}.`;
      return [caller.scopes.includes('write') ? ok(may) : warn(may, 'bldst auth set-key'), caller];
    } catch (error) {
      return [failed('credentials', error), undefined];
    }
  }

  async #examine(patient: Patient): Promise<Finding[]> {
    const { client, session, caller } = patient;
    const [waiting, rejected] = await Promise.all([client.spool.waiting(), client.spool.rejected()]);
    return [
      lookAtClock(patient),
      await lookAtVersions(patient),
      // Without a caller the key is the trouble, and storage would say the same once more.
      ...(caller === undefined ? [] : [await lookAtStorage(patient)]),
      ...(client.mode === 'local' ? await lookAtLocalStore(patient) : []),
      await lookAtSpool(session.env, waiting.length, rejected.length),
    ];
  }
}
