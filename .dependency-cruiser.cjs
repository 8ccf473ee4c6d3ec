// The ranks of the house, as rules with their reasons. scripts/ranks.test.ts plants a forbidden import and
// requires this file to refuse it.
const RANKS = [
  ['kernel'],
  ['platform', 'web'],
  ['ledger'],
  ['identity', 'forms'],
  ['exchange', 'factory'],
  ['procedures', 'academy'],
  ['governance'],
  ['main'],
];
const MODULES = RANKS.flat();
const TESTS = '\\.test\\.ts$';

const rankRules = RANKS.flatMap((modules, rank) =>
  modules.map((module) => {
    const higherOrEqual = RANKS.slice(rank)
      .flat()
      .filter((other) => other !== module);
    return {
      name: `rank-of-${module}`,
      comment: `${module} has rank ${rank}: what it imports from ranks ≥ ${rank} would come back to it`,
      severity: 'error',
      from: { path: `^src/${module}/`, pathNot: TESTS },
      to: { path: higherOrEqual.map((other) => `^src/${other}/`) },
    };
  }),
);

const doorRules = MODULES.map((module) => ({
  name: `door-of-${module}`,
  comment: `other modules enter ${module} by its index.ts only, so that its inside can change`,
  severity: 'error',
  from: { path: '^src/', pathNot: [`^src/${module}/`, '^src/main/', TESTS] },
  to: { path: `^src/${module}/`, pathNot: `^src/${module}/index\\.ts$` },
}));

module.exports = {
  forbidden: [
    ...rankRules.filter((rule) => rule.to.path.length > 0),
    ...doorRules,
    {
      name: 'no-cycles',
      comment: 'a cycle means that two files are one',
      severity: 'error',
      from: { path: '^src/' },
      to: { circular: true },
    },
    {
      name: 'kernel-imports-node-only',
      comment: 'the kernel stands on nothing but Node',
      severity: 'error',
      from: { path: '^src/kernel/', pathNot: TESTS },
      to: { dependencyTypes: ['npm', 'npm-dev'] },
    },
    {
      name: 'rules-are-pure',
      comment: 'model and rules decide from their arguments: no files, sockets, processes, databases or HTTP',
      severity: 'error',
      from: { path: '^src/.*/(model|rules|message)(/|\\.ts$)', pathNot: TESTS },
      to: {
        path: [
          '^(node:)?(fs|fs/promises|net|http|https|tls|child_process|dns|worker_threads)$',
          '^src/platform/',
          'node_modules/(kysely|pg|fastify|undici)/',
          '/store\\.ts$',
          '/service\\.ts$',
        ],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'driver-in-platform-only',
      comment: 'one place knows the database driver',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/platform/', TESTS] },
      to: { path: 'node_modules/(pg|@electric-sql|pg-boss)/' },
    },
    {
      name: 'pages-render-only',
      comment: 'a page turns plain data into HTML; it fetches nothing',
      severity: 'error',
      from: { path: '^src/.*/pages/' },
      to: { path: ['/store(/|\\.ts$)', '/service(/|\\.ts$)'] },
    },
    {
      name: 'only-tests-import-main',
      comment: 'composition is the top',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/main/', TESTS] },
      to: { path: '^src/main/' },
    },
    {
      name: 'no-unresolved',
      comment: 'an import that resolves to nothing hides from every other rule',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
    },
    parser: 'tsc',
  },
};
