/**
 * Lets plain Node run the TypeScript sources of this workspace without a build:
 *
 *     node --conditions=@kyoka/source --import ./.kit/source-hooks.mjs FILE
 *
 * Node strips the types itself; here `./x.js` is looked for as `./x.ts` where only that exists.
 * Sources with decorators or parameter properties need the build.
 */
import { existsSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

registerHooks({
  resolve(specifier, context, next) {
    if (/^\.{1,2}\/.*\.js$/.test(specifier) && context.parentURL?.startsWith('file:')) {
      const wanted = new URL(specifier, context.parentURL);
      const source = new URL(wanted.href.replace(/\.js$/, '.ts'));
      if (!existsSync(fileURLToPath(wanted)) && existsSync(fileURLToPath(source)))
        return next(source.href, context);
    }
    return next(specifier, context);
  },
});
