import type { StateStore } from '@buildstate/core';
import * as Flags from '@oclif/core/flags';
import { mustBeThere, storeAddress } from '../connect/store-address.ts';
import { type ProgressForm, type ProgressMeter, progressForms } from '../output/progress-meter.ts';
import { type RecordProgress, recordMeter } from '../output/record-progress.ts';
import { optionalArgument } from './args.ts';
import { OutputCommand } from './output-command.ts';

/** The word of commands about one store. */
export const storeArguments = {
  url: optionalArgument('Address of the store. Default: the store that other commands use.'),
};

/** How the progress of work on a store is shown. */
export const progressFlag = Flags.string({
  summary: 'How progress is shown.',
  options: [...progressForms],
  default: 'auto',
});

/** A command that works on stores themselves, past any server. */
export abstract class StoreCommand extends OutputCommand {
  readonly #opened: StateStore[] = [];

  /** The address of the store that a word, the environment or the settings name. @throws UsageError */
  protected address(word: string | undefined): Promise<string> {
    return storeAddress(word, this.session);
  }

  /** Opens a store, which is closed when the command ends. */
  protected async openStore(address: string): Promise<StateStore> {
    const { openStateStore } = await import('@buildstate/state-stores');
    const store = await openStateStore(address);
    this.#opened.push(store);
    return store;
  }

  /** The same for a store that must be there. @throws NotFoundError */
  protected async openExisting(address: string): Promise<StateStore> {
    await mustBeThere(address);
    return this.openStore(address);
  }

  /** Does something that tells how far it is, and shows that. */
  protected async withProgress<T>(
    what: string,
    form: string,
    work: (onProgress: ProgressMeter<RecordProgress>['onProgress']) => Promise<T>,
  ): Promise<T> {
    const meter = recordMeter(what, form as ProgressForm, this.session);
    try {
      return await work(meter.onProgress);
    } finally {
      await meter.finish();
    }
  }

  protected override async finally(error: Error | undefined): Promise<void> {
    await super.finally(error);
    for (const store of this.#opened) await store.close();
  }
}
