#!/usr/bin/env node
'use strict';
const version = require('../package.json').version;
const word = process.argv[2];

if (parseInt(process.versions.node, 10) < 22) {
  process.stderr.write(`bldst needs Node.js 22.18 or newer; this is ${process.version}.\n`);
  process.exitCode = 1;
} else if (process.argv.length === 3 && (word === '--version' || word === '-v')) {
  // Answered before anything else is loaded.
  process.stdout.on('error', ({ code }) => {
    // As for every other command: a reader that has seen enough is no error, a full disk is one, in one line.
    if (code === 'EPIPE') return;
    process.stderr.write(`Error: standard output: ${code === 'ENOSPC' ? 'no space left' : code}\n`);
    process.exitCode = code === 'ENOSPC' ? 8 : 1;
  });
  process.stdout.write(`bldst/${version} ${process.platform}-${process.arch} node-${process.version}\n`);
} else {
  // In the user's own folder: compiled code from a folder that everybody may write to could be anybody's.
  const cache = require('node:path').join(require('node:os').homedir(), '.cache', 'buildstate', 'compiled');
  require('node:module').enableCompileCache(cache);
  require('../dist/bldst.cjs').start(version);
}
