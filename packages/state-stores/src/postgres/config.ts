/** The password that `PGPASSWORD` gives, as for PostgreSQL's own programs. */
export function environmentPassword(): string | undefined {
  return process.env.PGPASSWORD || undefined;
}
