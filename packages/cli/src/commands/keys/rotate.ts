import { describeKeyRing, rotateKeyRing } from '@buildstate/node-runtime';
import * as Flags from '@oclif/core/flags';
import { keyRingFlags } from '../../base/key-ring-flags.ts';
import { OutputCommand } from '../../base/output-command.ts';
import { keyRingPlace } from '../../connect/key-ring-place.ts';
import { UsageError } from '../../errors/usage-error.ts';
import { keyRingView } from '../../views/key-ring.ts';

/** `bldst keys rotate` */
export default class KeysRotate extends OutputCommand {
  static override summary =
    'Add a new key to a key ring, which signs from now on. Older ones go on verifying.';
  static override description =
    'A server that runs has read its ring already: start it again to sign with the new key. With --retire, keys stop verifying as well, and what they sealed can no longer be read: do that when a key has leaked, after artifacts have been signed and variables set anew.';
  static override flags = {
    ...keyRingFlags,
    retire: Flags.string({
      summary: 'Id of a key that is good for nothing from now on, as "bldst keys list" shows it.',
      helpValue: 'ID',
      multiple: true,
      multipleNonGreedy: true,
    }),
  };
  static override examples = [
    { description: "A server's key ring", command: '<%= config.bin %> keys rotate --data-dir ./data' },
  ];

  async run(): Promise<void> {
    const { flags } = await this.parse(KeysRotate);
    const { now } = this.session;
    const { file } = await keyRingPlace(flags, this.session);
    if (file === undefined) {
      throw new UsageError(
        'These keys come from a variable (BLDST_KEYRING or ARTIFACT_SIGNING_KEY), which cannot be changed from here. Put them into a file, and name it with BLDST_KEYRING_FILE.',
      );
    }
    const retire = flags.retire ?? [];
    const added = await rotateKeyRing(file, { retire, now });
    await this.note(`Key ${added} signs from now on. A server that runs must be started again to use it.`);
    for (const id of retire) {
      await this.caution(`Key ${id} is retired: what it signed and sealed is refused from now on.`);
    }
    const keys = await describeKeyRing({ file, now });
    await this.show(keyRingView(keys, { file, added, retired: retire, keys }));
  }
}
