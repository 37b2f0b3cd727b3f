import type { StateStore } from '@buildstate/core';
import { loadKeyRing } from '@buildstate/node-runtime';
import { progressFlag, StoreCommand, storeArguments } from '../../base/store-command.ts';
import { ringOfStore } from '../../connect/ring-of-store.ts';
import { exitCodes } from '../../errors/exit-codes.ts';
import { hasCode } from '../../errors/known-error.ts';

/** `bldst store verify` */
export default class StoreVerify extends StoreCommand {
  static override summary = 'Read all of a store, and say what is wrong with it.';
  static override description = [
    "Checked are the medium (SQLite's pages and foreign keys), and for every build: its chain of events from the first to the last, whether what decisions read agrees with the rows, whether what it names is there, the signatures of artifacts and sealed variables with the store's key ring, and the answers to reports.",
    'Nothing is changed. One problem a line; exit code 6 when there is any.',
  ].join('\n');
  static override args = storeArguments;
  static override flags = { progress: progressFlag };
  static override examples = [
    {
      description: 'Is everything as it was written?',
      command: '<%= config.bin %> store verify ./local-store',
    },
  ];

  async run(): Promise<void> {
    const { args, flags } = await this.parse(StoreVerify);
    const address = await this.address(args.url);
    const store = await this.#openOrProblem(address);
    if (typeof store === 'string') return this.#report(0, [store]);
    const [{ checkStore }, { signatureChecker }] = await Promise.all([
      import('@buildstate/state-stores/moving'),
      import('@buildstate/client'),
    ]);
    const keyRing = await loadKeyRing((await ringOfStore(address, this.session.env)) ?? {});
    const checkSignature = await signatureChecker(keyRing, this.session.now);
    const problems: string[] = [];
    let builds = 0;
    await this.withProgress('Verifying', flags.progress, async (onProgress) => {
      const counted = (progress: { readonly records: number }) => {
        builds = progress.records;
        onProgress(progress);
      };
      const found = checkStore(store, { keyRing, checkSignature, onProgress: counted });
      for await (const problem of found) problems.push(problem);
    });
    await this.#report(builds, problems);
  }

  /** The open store, or why it cannot be read: a database may be too damaged to be opened. */
  async #openOrProblem(address: string): Promise<StateStore | string> {
    try {
      return await this.openExisting(address);
    } catch (error) {
      if (hasCode(error, 'store_failed')) return error.message.replace(/\.$/, '');
      throw error;
    }
  }

  async #report(builds: number, problems: readonly string[]): Promise<void> {
    if (problems.length > 0) this.exitCode = exitCodes.integrity.code;
    const looked = `${builds} ${builds === 1 ? 'build' : 'builds'}`;
    await this.show({
      body: { builds, problems },
      text: (style) =>
        problems.length === 0
          ? style.good(`${looked} verified: nothing is wrong.`)
          : problems.map((problem) => style.bad(problem)).join('\n'),
    });
  }
}
