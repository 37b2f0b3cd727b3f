interface Mount {
  readonly point: string;
  readonly type: string;
}

/** Blanks, tabs, newlines and backslashes are written as `\040` and so on: proc_pid_mountinfo(5). */
function plainPath(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}

function parseLine(line: string): Mount | undefined {
  const [before, after] = line.split(' - ');
  const point = before?.split(' ')[4];
  const type = after?.split(' ')[0];
  return point === undefined || type === undefined ? undefined : { point: plainPath(point), type };
}

function contains(point: string, path: string): boolean {
  return point === '/' || path === point || path.startsWith(`${point}/`);
}

/**
 * Which FUSE file system a path is on: `fuse.sshfs`, `fuse.fuse-overlayfs`, `fuseblk` (as `fuse.fuseblk`),
 * `virtiofs`, or plain `fuse` when the mount table does not tell.
 * @param table the text of `/proc/self/mountinfo`
 */
export function fuseSubtype(path: string, table: string): string {
  const mounts = table.split('\n').flatMap((line) => parseLine(line) ?? []);
  // The last of equally long mount points is the one on top.
  const holding = mounts
    .filter((mount) => contains(mount.point, path))
    .toSorted((a, b) => a.point.length - b.point.length)
    .at(-1);
  if (holding?.type === 'fuseblk') return 'fuse.fuseblk';
  return holding?.type === 'virtiofs' || holding?.type.startsWith('fuse.') ? holding.type : 'fuse';
}
