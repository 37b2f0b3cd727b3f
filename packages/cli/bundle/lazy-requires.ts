import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

/** `const x_1 = require("y");` with or without TypeScript's interop helpers around the call. */
const topLevelRequire = /^const (\w+) = ((?:__importDefault|__importStar)\()?require\("([^"]+)"\)(\))?;$/gm;

/**
 * Stands at the head of the bundle. `__lazy` stands in for a module until a member of it is asked for; it is made
 * for namespaces of compiled modules, whose members are only ever read. Node's own modules are loaded in this way
 * as well: each takes a millisecond or two, and a short command uses few of those that the bundle names.
 */
export const lazyHelper = `const __lazy = (load) => {
  let loaded;
  const target = () => (loaded ??= load());
  return new Proxy({}, {
    get: (_, name) => target()[name],
    has: (_, name) => name in target(),
    ownKeys: () => Reflect.ownKeys(target()),
    getOwnPropertyDescriptor: (_, name) => {
      const descriptor = Reflect.getOwnPropertyDescriptor(target(), name);
      return descriptor && { ...descriptor, configurable: true };
    },
  });
};
require = ((original) => (id) => (id.startsWith('node:') ? __lazy(() => original(id)) : original(id)))(require);`;

/**
 * Lets the modules of @oclif/core load each other when they first use each other. A command that runs needs its
 * parser; what finds plug-ins, renders templates and draws spinners would otherwise be evaluated at every start,
 * which is half of the time that a start takes.
 */
export const lazyRequires: Plugin = {
  name: 'lazy-requires',
  setup(build) {
    build.onLoad({ filter: /[\\/]@oclif[\\/]core[\\/]lib[\\/].*\.js$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replace(
        topLevelRequire,
        (_, name, open = '', id, close = '') =>
          `const ${name} = __lazy(() => ${open}require(${JSON.stringify(id)})${close});`,
      ),
      loader: 'js',
    }));
  },
};
