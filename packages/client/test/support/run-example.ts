import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';

/** Runs a program that lies outside of this package as if it lay in a project that has this package installed. */
const [path = ''] = process.argv.slice(2);
registerHooks({
  resolve(specifier, context, next) {
    const ours = specifier.startsWith('@buildstate/');
    return next(specifier, ours ? { ...context, parentURL: import.meta.url } : context);
  },
});
await import(pathToFileURL(path).href);
