// State 75: looks whether everything is in the image that the plan promised, and in the application.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { diskBytes } from '../disk/geometry.ts';
import { Volume } from '../disk/volume.ts';
import { compilePackage, packageFile, sha256 } from './packages.ts';

const kickstart = process.env.BLDST_ARTIFACT_KICKSTART ?? 'output/kickstart.json';
const plan = JSON.parse(readFileSync(kickstart, 'utf8')) as Record<
  'packages' | 'package_bytes' | 'effort',
  number
>;

const found = new Map<string, string>();
{
  using volume = Volume.open('output/hardened.img');
  for (const [path, content] of volume.files()) found.set(path, sha256(content));
}
const checked = [0, Math.floor(plan.packages / 2), plan.packages - 1];
for (const index of checked) {
  const path = `BASE/${packageFile('LIB', index)}`;
  const expected = sha256(compilePackage(`base-${index}`, plan.package_bytes, plan.effort));
  if (found.get(path) !== expected) throw new Error(`${path} is not what it should be.`);
}
if (found.size !== plan.packages + 3) throw new Error(`The image holds ${found.size} files.`);
if (readFileSync('output/application.pkg').length === 0) throw new Error('The application is empty.');
// A second opinion where the tool is at hand: any program that knows disks sees one of the right size.
const { stdout, error } = spawnSync('qemu-img', ['info', '--output=json', 'output/hardened.img'], {
  encoding: 'utf8',
});
if (error === undefined && (JSON.parse(stdout) as Record<string, unknown>)['virtual-size'] !== diskBytes) {
  throw new Error(`qemu-img sees another disk: ${stdout}`);
}
console.log(`validated ${found.size} files`);
