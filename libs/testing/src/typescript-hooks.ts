// Preloaded into a process that runs TypeScript of the workspace without a build. Node's own type
// stripping knows neither decorators nor imports of `./x.js` that mean `./x.ts`.
import { existsSync, readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const compilerOptions: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2024,
  module: ts.ModuleKind.ESNext,
  experimentalDecorators: true,
  emitDecoratorMetadata: true,
  jsx: ts.JsxEmit.ReactJSX,
  jsxImportSource: 'preact',
  verbatimModuleSyntax: true,
  inlineSourceMap: true,
};

const SOURCE = /\.tsx?$/;

registerHooks({
  resolve(specifier, context, next) {
    if (specifier.startsWith('.') && SOURCE.test(context.parentURL ?? '')) {
      for (const extension of ['.ts', '.tsx']) {
        const source = new URL(specifier.replace(/\.js$/, extension), context.parentURL);
        if (existsSync(source)) return { url: source.href, shortCircuit: true };
      }
    }
    return next(specifier, context);
  },
  load(url, context, next) {
    if (!SOURCE.test(url) || url.includes('/node_modules/')) return next(url, context);
    const fileName = fileURLToPath(url);
    const { outputText } = ts.transpileModule(readFileSync(fileName, 'utf8'), {
      compilerOptions,
      fileName,
    });
    return { format: 'module', source: outputText, shortCircuit: true };
  },
});
