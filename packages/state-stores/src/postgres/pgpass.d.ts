/** The library brings no types of its own. */
declare module 'pgpass' {
  /** Whom a password is for. */
  interface Connection {
    readonly host?: string;
    readonly port?: number;
    readonly user?: string;
    readonly database?: string;
  }
  /** Looks a password up in `PGPASSFILE` or `~/.pgpass`. */
  export default function pgpass(connection: Connection, found: (password: string | undefined) => void): void;
}
