import { ConfigurationError } from '@buildstate/core';
import type { FastifyInstance } from 'fastify';
import { createApp } from './app/create-app.ts';
import { makeFirstKey } from './auth/first-key.ts';
import { type Composition, compose } from './composition/compose.ts';
import { type ResolvedServerOptions, resolveOptions } from './config.ts';
import { drain } from './drain.ts';
import { createLogger } from './log/create-logger.ts';
import type { RunningServer, ServerOptions } from './server-options.ts';
import { onStopSignal } from './signals.ts';

async function listen(app: FastifyInstance, { host, port }: ResolvedServerOptions): Promise<number> {
  try {
    await app.listen({ host, port, listenTextResolver: (address) => `listening at ${address}` });
  } catch (cause) {
    throw new ConfigurationError(
      `Cannot listen on port ${port} of ${host}: ${cause instanceof Error ? cause.message : String(cause)}. ` +
        'Choose another with --port, or 0 for a free one.',
      { cause },
    );
  }
  const address = app.server.address();
  return address !== null && typeof address === 'object' ? address.port : port;
}

function urlOf(host: string, port: number): string {
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}

function closer(app: FastifyInstance, composition: Composition, options: ResolvedServerOptions) {
  const { lifecycle, clock, logger } = composition.parts;
  let closing: Promise<void> | undefined;
  async function close(): Promise<void> {
    logger.info({}, 'draining');
    const { noticeMs, drainMs } = options;
    await Promise.all([composition.duties.stop(), drain({ app, lifecycle, clock, noticeMs, drainMs })]);
    logger.info({}, 'closed');
    await composition.close();
  }
  return () => {
    closing ??= close();
    return closing;
  };
}

/**
 * Starts a server: opens key ring, store and artifacts, and listens. On a store without any key it makes one for the
 * first administrator and answers it as `generatedKey`.
 * @throws ConfigurationError when a setting cannot be used or the address is taken; KeyRingError; StoreError
 */
export async function startServer(options: ServerOptions = {}): Promise<RunningServer> {
  const resolved = resolveOptions(options);
  const logger = createLogger(options.log);
  const composition = await compose(resolved, logger);
  const { parts, store, tracker } = composition;
  let app: FastifyInstance | undefined;
  try {
    app = await createApp(parts);
    const port = await listen(app, resolved);
    // Only now, since a key that is stored but never shown would lock its owner out.
    const generatedKey = resolved.dev ? undefined : await makeFirstKey(store, tracker);
    parts.lifecycle.ready();
    if (resolved.duties) composition.duties.start();
    const close = closer(app, composition, resolved);
    const removeHandlers = options.handleSignals === true ? handleSignals(close, options, logger) : () => {};
    return {
      url: urlOf(resolved.host, port),
      port,
      ...(generatedKey !== undefined && { generatedKey }),
      async close() {
        removeHandlers();
        await close();
      },
    };
  } catch (error) {
    await app?.close();
    await composition.close();
    throw error;
  }
}

function handleSignals(
  close: () => Promise<void>,
  { onExit }: ServerOptions,
  logger: ReturnType<typeof createLogger>,
): () => void {
  async function stop(signal: NodeJS.Signals): Promise<void> {
    logger.info({ signal }, 'stopping');
    let code = 0;
    try {
      await close();
    } catch (error) {
      logger.error({ err: error }, 'could not close cleanly');
      code = 1;
    }
    remove();
    onExit?.(code);
  }
  const remove = onStopSignal((signal) => void stop(signal));
  return remove;
}
