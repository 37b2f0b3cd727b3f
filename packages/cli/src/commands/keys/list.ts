import { describeKeyRing } from '@buildstate/node-runtime';
import { keyRingFlags } from '../../base/key-ring-flags.ts';
import { OutputCommand } from '../../base/output-command.ts';
import { keyRingPlace } from '../../connect/key-ring-place.ts';
import { keyRingView } from '../../views/key-ring.ts';

/** `bldst keys list` */
export default class KeysList extends OutputCommand {
  static override summary =
    'List the keys of a key ring: ids, ages, which one signs. Secrets are never shown.';
  static override flags = keyRingFlags;
  static override examples = [
    { description: "A server's key ring", command: '<%= config.bin %> keys list --data-dir ./data' },
  ];

  async run(): Promise<void> {
    const { flags } = await this.parse(KeysList);
    const source = await keyRingPlace(flags, this.session);
    await this.show(keyRingView(await describeKeyRing({ ...source, now: this.session.now })));
  }
}
