import { describeKeyRing } from '@buildstate/node-runtime';
import { StoreCommand, storeArguments } from '../../base/store-command.ts';
import { withoutCredentials } from '../../connect/origin.ts';
import { ringOfStore } from '../../connect/ring-of-store.ts';
import { byteSize } from '../../output/amounts.ts';
import { details } from '../../output/table.ts';

/** `bldst store info` */
export default class StoreInfo extends StoreCommand {
  static override summary = 'Say what a store is, what is in it, and how much room it takes.';
  static override args = storeArguments;
  static override examples = [
    {
      description: 'The store that other commands use',
      command: '<%= config.bin %> store info ./local-store',
    },
    {
      description: 'How many builds are in a database?',
      command: '<%= config.bin %> store info sqlite:./builds.db --json | jq .counts.builds',
    },
  ];

  async run(): Promise<void> {
    const { args } = await this.parse(StoreInfo);
    const address = await this.address(args.url);
    const store = await this.openExisting(address);
    const { schemaVersion, bytes, counts } = await store.inspect();
    const ring = await ringOfStore(address, this.session.env);
    const keys = ring === undefined ? [] : (await describeKeyRing({ ...ring, now: this.session.now })).length;
    const { kind, capabilities } = store;
    const uri = withoutCredentials(store.uri);
    const keyRing = ring === undefined ? null : (ring.file ?? 'environment');
    await this.show({
      body: { kind, uri, schemaVersion, bytes, counts, capabilities, keyRing },
      text: (style) =>
        details(style, [
          ['Kind', kind],
          ['Address', uri],
          ['Schema', schemaVersion === null ? undefined : `version ${schemaVersion}`],
          ['Size', bytes === null ? undefined : byteSize(bytes)],
          ['Projects', String(counts.projects)],
          ['Builds', String(counts.builds)],
          ['Attempts', String(counts.attempts)],
          ['Artifacts', String(counts.artifacts)],
          ['Other processes', capabilities.shared ? 'may use it at the same time' : 'cannot use it'],
          ['Lasts', capabilities.durable ? 'what was acknowledged is on disk' : 'until the process ends'],
          ['SQL', capabilities.sql ? 'can be queried' : undefined],
          [
            'Key ring',
            keyRing === null
              ? 'none: nothing in it is signed or sealed'
              : `${keyRing} (${keys} ${keys === 1 ? 'key' : 'keys'})`,
          ],
        ]),
    });
  }
}
