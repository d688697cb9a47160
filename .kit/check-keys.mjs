/**
 * Fails where node:crypto is handed a secret as bytes or text instead of a `KeyObject`. A Buffer is
 * copied and checked at every call, shows up in heap dumps and in anything that prints it.
 * Asks the compiler for the type of the argument; reads the files named, or all of apps and libs.
 */
import { globSync, readFileSync } from 'node:fs';
import { argv, exit, stdout } from 'node:process';
import ts from 'typescript';

/** Which argument of which function is the secret. */
const SECRET_ARGUMENT = {
  createHmac: 1,
  createCipheriv: 1,
  createDecipheriv: 1,
};
const NAMES = Object.keys(SECRET_ARGUMENT);

const named = argv.slice(2);
const candidates =
  named.length > 0
    ? named
    : globSync('{apps,libs}/**/src/**/*.ts', { exclude: ['**/node_modules/**'] });
const files = candidates.filter((file) =>
  NAMES.some((name) => readFileSync(file, 'utf8').includes(`${name}(`)),
);

const { config } = ts.readConfigFile('.config/tsconfig.base.json', ts.sys.readFile);
const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, '.');
const program = ts.createProgram(files, { ...options, composite: false, noEmit: true });
const checker = program.getTypeChecker();

const faults = [];
for (const file of files) {
  const source = program.getSourceFile(file);
  const visit = (node) => {
    if (ts.isCallExpression(node)) check(source, node);
    ts.forEachChild(node, visit);
  };
  visit(source);
}

function check(source, call) {
  const name = ts.isPropertyAccessExpression(call.expression)
    ? call.expression.name.text
    : call.expression.getText(source);
  const secret = Object.hasOwn(SECRET_ARGUMENT, name)
    ? call.arguments[SECRET_ARGUMENT[name]]
    : undefined;
  if (secret === undefined) return;
  const type = checker.typeToString(checker.getTypeAtLocation(secret));
  if (type === 'KeyObject') return;
  const { line } = source.getLineAndCharacterOfPosition(call.getStart(source));
  faults.push(`${source.fileName}:${line + 1} ${name} is given a ${type}; use createSecretKey`);
}

for (const fault of faults) stdout.write(`${fault}\n`);
exit(faults.length > 0 ? 1 : 0);
