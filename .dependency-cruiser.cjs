/** The arrows between the folders, and no others: docs/architecture.md draws them, docs/decisions/0001-house.md says why. */
const part = (name) => (name.endsWith('.ts') ? `^core/${name.replace('.', '\\.')}$` : `^core/${name}/`);
/** What imports nothing of ours, and may be imported by everybody. */
const LEAVES = ['vocabulary.ts', 'fault.ts', 'finding.ts', 'visible.ts', 'deep-link.ts', 'plain-pattern.ts', 'temporary-files.ts'];
const only = (from, allowed) => ({
  name: `${from}-arrows`,
  severity: 'error',
  from: { path: part(from) },
  to: { path: '^(core|electron|renderer|scripts|test)/', pathNot: [from, ...LEAVES, ...allowed].map(part) },
});
const ENGINE = '^electron/engine\\.ts$';

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    only('json', []),
    only('jamjet', ['json']),
    only('postgres', ['jamjet']),
    only('replay', ['json', 'jamjet']),
    only('store', ['json', 'jamjet', 'replay', 'postgres']),
    only('source', ['json', 'jamjet', 'postgres']),
    only('audit', ['json', 'jamjet', 'replay', 'source']),
    only('explain', ['json', 'jamjet', 'replay', 'source/port.ts']),
    only('export', ['json', 'jamjet', 'replay', 'source']),
    only('contract', ['jamjet', 'source']),
    only('wire', ['contract']),
    only('debugger', ['json', 'jamjet', 'replay', 'source', 'audit', 'explain', 'export', 'contract']),
    only('cli', ['json', 'jamjet', 'replay', 'source', 'audit', 'explain', 'export', 'debugger']),
    ...LEAVES.map((leaf) => only(leaf, [])),
    {
      name: 'debugger-knows-no-backend',
      severity: 'error',
      comment: 'What kinds of sources there are is known in core/source/open.ts and spec.ts alone.',
      from: { path: '^core/(debugger|audit|export|cli)/' },
      to: { path: '^core/source/(sqlite|postgres|memory)' },
    },
    {
      name: 'contract-is-schemas-and-types',
      severity: 'error',
      comment: 'A page and a host load it: nothing that works may come with it.',
      from: { path: '^core/contract/' },
      to: { path: '^(core|electron|renderer)/', pathNot: '^core/(contract/|vocabulary\\.ts$)', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'renderer-arrows',
      severity: 'error',
      comment:
        'The page has the types of the contract, the wire, the words, the tables of sentences for Faults and Findings, what makes unseen characters visible, links, and patterns of plain texts.',
      from: { path: '^renderer/' },
      to: {
        path: '^(core|electron|scripts|test)/',
        pathNot: '^core/(contract/|wire/(client|messages)\\.ts$|vocabulary\\.ts$|(fault|finding|visible|deep-link|plain-pattern|explain/no-request)\\.ts$)',
      },
    },
    {
      name: 'renderer-takes-no-code-of-the-contract',
      severity: 'error',
      comment: 'Schemas would bring their library into the page.',
      from: { path: '^renderer/' },
      to: { path: '^core/contract/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'state-knows-no-views',
      severity: 'error',
      from: { path: '^renderer/state/' },
      to: { path: '^renderer/(views|widgets)/' },
    },
    {
      name: 'main-has-no-database',
      severity: 'error',
      comment: 'Main prepares files and addresses, and writes settings; the engine alone opens databases.',
      from: { path: '^electron/', pathNot: ENGINE },
      to: {
        path: '^(core|renderer|scripts|test)/',
        pathNot:
          '^core/(contract/|wire/|vocabulary\\.ts$|fault\\.ts$|deep-link\\.ts$|source/spec\\.ts$|postgres/address\\.ts$|source/sqlite/prepare\\.ts$|export/(write-file|file-name)\\.ts$)',
      },
    },
    {
      name: 'engine-is-plain-node',
      severity: 'error',
      from: { path: `${ENGINE}|^core/` },
      to: { path: 'node_modules/electron|^electron$|^electron/' },
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
