// State 100: installs the application into a copy of the hardened image: the disk that is delivered.
import { readFileSync } from 'node:fs';
import { Volume } from '../disk/volume.ts';
import { sha256 } from './packages.ts';

const application = readFileSync('output/application.pkg');

using volume = Volume.open('output/disk.img');
volume.add('APP', 'APP.PKG', application);
volume.add('APP', 'RELEASE.TXT', Buffer.from(`application ${sha256(application)}\n`));
console.log('installed the application');
