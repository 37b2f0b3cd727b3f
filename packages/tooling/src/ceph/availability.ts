import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const programs = ['radosgw', 'radosgw-admin', 'ceph-mon', 'ceph-osd', 'ceph', 'monmaptool'];

function isOnPath(program: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** The programs that a Ceph gateway needs and this machine lacks; empty when tests against it can run. */
export function missingCephPrograms(): string[] {
  return programs.filter((program) => !isOnPath(program));
}
