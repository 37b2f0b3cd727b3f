import type { Clock, Logger } from '@buildstate/core';
import type { OpenPlaces } from '../artifact/open-places.ts';
import type { ClientDoor } from '../client-door.ts';
import type { ClientConfig } from '../config.ts';
import { parseBaseUrl } from '../http/base-url.ts';
import { HttpDoor } from '../http/http-door.ts';
import { resolveLimits } from '../http/limits.ts';
import { nodeTransport } from '../http/node-transport.ts';
import { type ProxySettings, proxySettings } from '../http/proxy.ts';
import { Requester } from '../http/requester.ts';
import type { HttpTransport } from '../http/transport.ts';
import { localPlace } from '../local/local-place.ts';
import { doorKind } from './door-kind.ts';
import type { ConnectOptions } from './options.ts';

/** What opening a door takes. */
export interface OpenDoorParts {
  /** The address. */
  readonly address: string;
  /** What `connect` was told. */
  readonly options: ConnectOptions;
  /** What the environment says. */
  readonly config: ClientConfig;
  /** Who acts. */
  readonly reporter: string;
  /** Opens places of artifacts. */
  readonly places: OpenPlaces;
  /** Measures time. */
  readonly clock: Clock;
  /** Where the client says what it does. */
  readonly logger: Logger;
}

async function jsonTransport(
  wanted: ConnectOptions['transport'],
  proxy: ProxySettings | undefined,
  forBytes: HttpTransport,
): Promise<HttpTransport> {
  if (typeof wanted === 'object') return wanted;
  if (wanted === 'node') return forBytes;
  const { kyTransport } = await import('../http/ky-transport.ts');
  return kyTransport(proxy);
}

async function openHttp({ address, options, config, clock }: OpenDoorParts): Promise<HttpDoor> {
  const proxy = proxySettings(config.env);
  // Libraries on top of fetch copy bodies, so artifact bytes go past them.
  const forBytes = typeof options.transport === 'object' ? options.transport : nodeTransport(proxy);
  const apiKey = options.apiKey === undefined ? config.apiKey : (options.apiKey ?? undefined);
  const shared = {
    base: parseBaseUrl(address),
    apiKey,
    limits: resolveLimits(options),
    clock,
    random: Math.random,
  };
  const json = new Requester({
    ...shared,
    transport: await jsonTransport(options.transport, proxy, forBytes),
  });
  return new HttpDoor(json, new Requester({ ...shared, transport: forBytes }));
}

async function openStore(parts: OpenDoorParts): Promise<ClientDoor> {
  const { address, options, config, reporter, places, clock, logger } = parts;
  const { openLocal } = await import('../local/open-local.ts');
  return openLocal({
    place: localPlace(address, config.env),
    keyRing: options.keyRing ?? config.keyRing,
    artifactBase: options.artifactBase,
    actor: reporter,
    places,
    clock,
    logger,
  });
}

/**
 * Opens the door that an address leads to.
 * @throws ConfigurationError
 */
export function openDoor(parts: OpenDoorParts): Promise<ClientDoor> {
  return doorKind(parts.address) === 'http' ? openHttp(parts) : openStore(parts);
}
