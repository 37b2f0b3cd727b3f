// State 10: partitions and formats the disk, and installs the base packages.
import { readFileSync } from 'node:fs';
import { Volume } from '../disk/volume.ts';
import { compilePackage, packageFile } from './packages.ts';

const kickstart = process.env.BLDST_ARTIFACT_KICKSTART ?? 'output/kickstart.json';
const plan = JSON.parse(readFileSync(kickstart, 'utf8')) as Record<
  'packages' | 'package_bytes' | 'effort',
  number
>;

using volume = Volume.format('output/base.img');
for (let index = 0; index < plan.packages; index++) {
  volume.add(
    'BASE',
    packageFile('LIB', index),
    compilePackage(`base-${index}`, plan.package_bytes, plan.effort),
  );
  if (index % 30 === 29) console.log(`installed ${index + 1} of ${plan.packages} base packages`);
}
