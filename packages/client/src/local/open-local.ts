import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Clock, Logger } from '@buildstate/core';
import {
  createIds,
  createNodeCrypto,
  type KeyRingSource,
  loadKeyRing,
  makePrivateFolder,
} from '@buildstate/node-runtime';
import type { SignedRecord } from '@buildstate/transfer';
import { localInspector } from '../artifact/inspector.ts';
import type { OpenPlaces } from '../artifact/open-places.ts';
import { LocalDoor } from './local-door.ts';
import type { LocalPlace } from './local-place.ts';

/** What opening a local store takes. */
export interface LocalParts {
  /** Where it is. */
  readonly place: LocalPlace;
  /** Keys that sign and seal. @default the folder's own ring */
  readonly keyRing?: KeyRingSource;
  /** URI under which artifacts are stored. @default `file://<folder>/artifacts` */
  readonly artifactBase?: string;
  /** On whose behalf everything is done: `user@host`. */
  readonly actor: string;
  /** Opens the places of artifacts. */
  readonly places: OpenPlaces;
  /** Measures time. */
  readonly clock: Clock;
  /** Told what the engine does. */
  readonly logger: Logger;
}

/** A ring that is gone with its store. */
function ringInMemory(): KeyRingSource {
  return { single: randomBytes(32).toString('hex') };
}

async function keysFor({ place: { folder }, keyRing, logger }: LocalParts) {
  if (keyRing !== undefined) return loadKeyRing({ ...keyRing, logger });
  if (folder === undefined) return loadKeyRing(ringInMemory());
  await makePrivateFolder(folder);
  const file = join(folder, 'keyring.json');
  logger.debug({ file }, 'Using the key ring of this folder: it is known on this machine alone.');
  return loadKeyRing({ file, makeIfMissing: true, logger });
}

/**
 * Opens a store in this process with the engine over it.
 * @throws ConfigurationError when the place cannot be used; KeyRingError
 */
export async function openLocal(parts: LocalParts): Promise<LocalDoor> {
  const { place, clock, logger, places } = parts;
  const [{ createTracker }, { openStateStore }, { artifactSigner, checkArtifactSignature }] =
    await Promise.all([
      import('@buildstate/core'),
      import('@buildstate/state-stores'),
      import('@buildstate/transfer'),
    ]);
  const crypto = createNodeCrypto(await keysFor(parts));
  const store = await openStateStore(place.uri, { logger });
  const ownBase = place.folder === undefined ? null : pathToFileURL(join(place.folder, 'artifacts')).href;
  const checkSignature = (artifact: SignedRecord) =>
    checkArtifactSignature(artifact, crypto.keys, clock.now());
  const tracker = createTracker({
    store,
    clock,
    ids: createIds(),
    crypto,
    logger,
    inspector: localInspector(places, crypto, checkSignature),
    sign: artifactSigner(crypto.keys, () => clock.now()),
    artifactBase: parts.artifactBase ?? ownBase,
  });
  const actor = { id: parts.actor, scopes: ['read', 'write', 'admin'], projectId: null } as const;
  // The store's own URI has no password in it.
  return new LocalDoor({ uri: store.uri, tracker, store, actor, checkSignature });
}
