import { isErrorWithCode } from '@buildstate/node-runtime';
import type { RunningServer, ServerOptions } from '@buildstate/server';
import * as Flags from '@oclif/core/flags';
import { OutputCommand } from '../base/output-command.ts';
import { UsageError } from '../errors/usage-error.ts';
import { isColourful, styleOf } from '../output/style.ts';
import { details } from '../output/table.ts';
import { writeText } from '../output/write-text.ts';
import { giveBackMemory } from '../serve/give-back-memory.ts';
import { prettyLogLine } from '../serve/pretty-log.ts';
import { present } from '../values/present.ts';

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;

/** What the development keys may do. */
const developmentKeys = 'readonly-key-888 (read), dev-key-12345 (read, write), admin-key-99999 (all)';

/** `bldst serve` */
export default class Serve extends OutputCommand {
  static override summary = 'Start a server that tracks builds and keeps artifacts.';
  static override description = [
    'The first start prints one API key for the administrator, on standard error and never again. Ctrl-C or SIGTERM lets requests under way finish and closes everything.',
    `With --dev, on this machine only, everybody's keys are good: ${developmentKeys}.`,
  ].join('\n');
  static override flags = {
    port: Flags.integer({ char: 'p', summary: 'Port; 0 takes a free one. Default: 8080.', helpValue: 'N' }),
    host: Flags.string({ summary: 'Address to listen on. Default: 127.0.0.1.', helpValue: 'ADDRESS' }),
    'data-dir': Flags.string({
      summary: 'Folder of database, keys and artifacts. Default: BLDST_DATA_DIR, else your data folder.',
      helpValue: 'DIR',
    }),
    'database-url': Flags.string({
      aliases: ['store'],
      summary:
        'Where builds are kept: sqlite:///folder/name.db, postgres://host/database. Default: BLDST_DATABASE_URL, else in the data folder. Put a URL with a password into the variable: command lines are seen by all users.',
      helpValue: 'URL',
    }),
    'artifact-base': Flags.string({
      summary: "Where workers store artifacts: s3://bucket/prefix, … Default: the server's own disk.",
      helpValue: 'URI',
    }),
    dev: Flags.boolean({ summary: 'Accept the development keys, on this machine only.' }),
    'open-metrics': Flags.boolean({ summary: 'Serve /metrics without a key.' }),
    'trust-proxy': Flags.string({
      summary: 'Address or network of a proxy whose X-Forwarded-For is believed.',
      helpValue: 'ADDRESS',
      multiple: true,
      multipleNonGreedy: true,
    }),
    'unknown-fields': Flags.string({
      summary:
        'What becomes of requests with unknown fields: refuse them, or ignore the fields and warn in the answer. Default: BLDST_UNKNOWN_FIELDS, else refuse.',
      options: ['refuse', 'warn'],
    }),
    'no-duties': Flags.boolean({
      summary:
        'Leave what the store needs done in the background to others: other instances, or "bldst store maintain" by cron.',
    }),
    'log-level': Flags.string({
      summary: 'The least that is logged.',
      options: [...levels],
      default: 'info',
    }),
    'log-format': Flags.string({
      summary: 'Default: pretty on a terminal, else json.',
      options: ['pretty', 'json'],
    }),
  };
  static override examples = [
    { description: 'To try things out', command: '<%= config.bin %> serve --dev' },
    {
      description: 'For a team',
      command:
        '<%= config.bin %> serve --host 0.0.0.0 --port 8080 --data-dir /var/lib/buildstate --artifact-base s3://my-builds',
    },
    {
      description: 'On PostgreSQL, with the password in PGPASSWORD or ~/.pgpass',
      command: '<%= config.bin %> serve --database-url postgres://buildstate@db.example/buildstate',
    },
  ];

  async run(): Promise<void> {
    const { flags } = await this.parse(Serve);
    const stopped = Promise.withResolvers<number>();
    const options: ServerOptions = {
      ...present({
        port: flags.port,
        host: flags.host,
        dataDir: flags['data-dir'],
        store: flags['database-url'],
        artifactBase: flags['artifact-base'],
        unknownFields: flags['unknown-fields'] as ServerOptions['unknownFields'],
        trustProxy: flags['trust-proxy'],
      }),
      dev: flags.dev,
      openMetrics: flags['open-metrics'],
      duties: !flags['no-duties'],
      log: this.#log(flags['log-level'] as (typeof levels)[number], flags['log-format']),
      handleSignals: true,
      onExit: stopped.resolve,
      environment: this.session.env,
    };
    const server = await this.#start(options);
    giveBackMemory();
    await this.#announce(server, flags.dev);
    this.exitCode = await stopped.promise;
  }

  async #start(options: ServerOptions): Promise<RunningServer> {
    const { startServer } = await import('@buildstate/server');
    try {
      return await startServer(options);
    } catch (error) {
      const { cause } = error as Error;
      if (!isErrorWithCode(cause, 'EADDRINUSE', 'EACCES')) throw error;
      const { port = 8080, host = '127.0.0.1' } = options;
      const reason = isErrorWithCode(cause, 'EACCES')
        ? `This user may not listen on port ${port}.`
        : `Port ${port} of ${host} is in use, perhaps by another "bldst serve".`;
      throw new UsageError(reason, { cause: error, hint: 'bldst serve --port 0' });
    }
  }

  #log(level: (typeof levels)[number], format: string | undefined): ServerOptions['log'] {
    const { stderr, env, now } = this.session;
    if (format === 'json' || (format === undefined && stderr.isTTY !== true)) return { level };
    const colourful = isColourful(stderr, env);
    const write = (line: string) => {
      // A log that cannot be written must not stop the server.
      writeText(stderr, `${prettyLogLine(line.trimEnd(), styleOf(colourful, now()))}\n`).catch(
        () => undefined,
      );
    };
    return { level, stream: { write } };
  }

  async #announce({ url, port, generatedKey }: RunningServer, dev: boolean): Promise<void> {
    await this.show({
      body: { url, port, docsUrl: `${url}/docs`, openapiUrl: `${url}/openapi.json` },
      ids: () => [url],
      variables: () => ({ BLDST_TRACKER: url }),
      text: (style) =>
        details(style, [
          ['BuildState', url],
          ['API docs', `${url}/docs`],
        ]),
    });
    if (dev) await this.note(`Development keys: ${developmentKeys}.`);
    if (generatedKey !== undefined) {
      await this.note(`First API key (admin), shown this once: ${generatedKey}`);
      await this.note(`Store it: bldst auth set-key --tracker ${url}`);
    }
  }
}
