// State 25: hardens the base image, in place: it was given a copy of its own.
import { Volume } from '../disk/volume.ts';

const settings = {
  'SSHD.CNF': 'PermitRootLogin no\nPasswordAuthentication no\n',
  'SYSCTL.CNF': 'kernel.kptr_restrict = 2\nnet.ipv4.tcp_syncookies = 1\n',
  'AUDIT.RUL': '-w /etc/passwd -p wa -k identity\n',
};

using volume = Volume.open('output/hardened.img');
for (const [name, text] of Object.entries(settings)) volume.add('ETC', name, Buffer.from(text));
console.log(`wrote ${Object.keys(settings).length} settings`);
