// State 5: decides what the image will hold.
import { mkdirSync, writeFileSync } from 'node:fs';

mkdirSync('output', { recursive: true });
const plan = { packages: 120, package_bytes: 1024 * 1024, effort: 100_000 };
writeFileSync('output/kickstart.json', `${JSON.stringify(plan)}\n`);
console.log(`planned ${plan.packages} packages`);
