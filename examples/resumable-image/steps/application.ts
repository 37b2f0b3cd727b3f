// State 50: builds the application against what the hardened image holds. The longest state.
import { writeFileSync } from 'node:fs';
import { Volume } from '../disk/volume.ts';
import { compilePackage, sha256 } from './packages.ts';

const modules = 96;
const moduleBytes = 128 * 1024;

const base: string[] = [];
{
  using volume = Volume.open('output/hardened.img');
  for (const [path, content] of volume.files()) base.push(`${path} ${sha256(content)}`);
}
const platform = sha256(base.join('\n'));

const built: Buffer[] = [];
for (let index = 0; index < modules; index++) {
  built.push(compilePackage(`${platform}-module-${index}`, moduleBytes, 160_000));
  if (index % 12 === 11) console.log(`built ${index + 1} of ${modules} modules`);
}
writeFileSync('output/application.pkg', Buffer.concat(built));
