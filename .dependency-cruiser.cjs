/** The arrows of docs/decisions/0001-house.md, and no others. */
const folder = (name) => `^core/${name}/`;
const only = (from, allowed) => ({
  name: `${from}-arrows`,
  severity: 'error',
  from: { path: folder(from) },
  to: { path: '^(core|electron|renderer|scripts|test)/', pathNot: [from, ...allowed].map((name) => (name.includes('.') ? `^core/${name}$` : folder(name))) },
});

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true, dependencyTypesNot: ['type-only'] } },
    only('json', []),
    only('jamjet', ['json']),
    only('replay', ['json', 'jamjet', 'finding.ts']),
    only('store', ['json', 'jamjet', 'replay']),
    only('source', ['json', 'jamjet', 'fault.ts']),
    only('audit', ['json', 'jamjet', 'replay', 'source', 'finding.ts']),
    only('export', ['json', 'jamjet', 'replay', 'source', 'fault.ts']),
    only('debugger', ['json', 'jamjet', 'replay', 'source', 'audit', 'export', 'contract.ts', 'replies.ts', 'fault.ts', 'finding.ts']),
    only('cli', ['json', 'jamjet', 'replay', 'source', 'audit', 'export', 'debugger', 'fault.ts']),
    {
      name: 'debugger-knows-no-backend',
      severity: 'error',
      comment: 'Only the hosts (command line, engine) choose a backend.',
      from: { path: '^core/(debugger|audit|export)/' },
      to: { path: '^core/source/(sqlite|memory)' },
    },
    {
      name: 'contract-is-types',
      severity: 'error',
      from: { path: '^core/(contract|replies|fault|finding)\\.ts$' },
      to: { path: '^(core|electron|renderer)/', pathNot: '^core/(contract|replies|fault|finding)\\.ts$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'renderer-gets-types',
      severity: 'error',
      comment: 'The page imports the types of the contract, and the one table of sentences for Faults.',
      from: { path: '^renderer/' },
      to: { path: '^(core|electron|scripts|test)/', pathNot: '^core/(contract|replies|fault)\\.ts$' },
    },
    {
      name: 'renderer-takes-no-code-of-the-contract',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { path: '^core/contract\\.ts$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'main-has-no-database',
      severity: 'error',
      comment: 'Main prepares files and writes settings; the engine alone opens databases.',
      from: { path: '^electron/', pathNot: '^electron/engine\\.ts$' },
      to: { path: '^(core|renderer|scripts|test)/', pathNot: '^core/(contract|replies|fault|source/sqlite/prepare|export/write-file)\\.ts$' },
    },
    {
      name: 'engine-is-plain-node',
      severity: 'error',
      from: { path: '^(electron/engine\\.ts|core/)' },
      to: { path: 'node_modules/electron|^electron$', pathNot: '^electron/engine-host\\.ts$' },
    },
    { name: 'product-knows-no-tests', severity: 'error', from: { path: '^(core|electron|renderer)/' }, to: { path: '^(test|scripts)/' } },
    { name: 'not-to-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true, pathNot: '\\.css$|^@fontsource' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)node_modules/|^out/' },
    tsPreCompilationDeps: 'specify',
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.js', '.json'], exportsFields: ['exports'], conditionNames: ['import', 'node', 'types'] },
  },
};
