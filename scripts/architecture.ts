/**
 * `npm run architecture` draws docs/architecture.svg from the imports themselves: each folder a box, each arrow an import,
 * dashed where only types are taken. Arrows that follow from two others are left out.
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fail, say } from './say.ts';

const ROOT = join(import.meta.dirname, '..');

/** Which box a file is in; the first pattern that matches. Files that everybody may import would only hide the others: they have none. */
const BOXES: readonly (readonly [pattern: RegExp, box: string])[] = [
  [/^core\/(vocabulary|fault|finding)\.ts$/, ''],
  [/^core\/([a-z]+)\//, ''],
  [/^electron\/engine\.ts$/, 'electron/engine'],
  [/^electron\/preload\.ts$/, 'electron/preload'],
  [/^electron\//, 'electron (main)'],
  [/^renderer\/state\//, 'renderer/state'],
  [/^renderer\/views\//, 'renderer/views'],
  [/^renderer\/widgets\//, 'renderer/widgets'],
  [/^renderer\/client\.ts$/, 'renderer/client'],
];

interface Module {
  readonly source: string;
  readonly dependencies: readonly { readonly resolved: string; readonly dependencyTypes: readonly string[] }[];
}

/** Arrows between boxes, and whether more than types goes along them. */
type Graph = ReadonlyMap<string, ReadonlyMap<string, boolean>>;

const WIDTH = 132;
const HEIGHT = 34;
const GAP_X = 26;
const GAP_Y = 62;
const MARGIN = 24;

/** The picture as SVG. */
export function drawArchitecture(): string {
  const graph = reduced(boxesAndArrows());
  const rows = rowsOf(graph);
  const widest = Math.max(...rows.map(({ length }) => length));
  const width = widest * (WIDTH + GAP_X) - GAP_X + 2 * MARGIN;
  const height = rows.length * (HEIGHT + GAP_Y) - GAP_Y + 2 * MARGIN;
  const at = new Map<string, { readonly x: number; readonly y: number }>();
  rows.forEach((row, level) => {
    const left = (width - (row.length * (WIDTH + GAP_X) - GAP_X)) / 2;
    row.forEach((box, i) => at.set(box, { x: left + i * (WIDTH + GAP_X), y: height - MARGIN - HEIGHT - level * (HEIGHT + GAP_Y) }));
  });
  const arrows: string[] = [];
  for (const [from, targets] of graph) {
    for (const [to, carriesCode] of targets) {
      const [a, b] = [at.get(from), at.get(to)];
      if (a === undefined || b === undefined) continue;
      const [x1, y1, x2, y2] = [a.x + WIDTH / 2, a.y + HEIGHT, b.x + WIDTH / 2, b.y - 3];
      const bend = Math.max(16, (y2 - y1) / 2);
      arrows.push(
        `<path d="M${x1} ${y1}C${x1} ${y1 + bend} ${x2} ${y2 - bend} ${x2} ${y2}"${carriesCode ? '' : ' stroke-dasharray="4 3"'} marker-end="url(#tip)"/>`,
      );
    }
  }
  const boxes = [...at].map(
    ([box, { x, y }]) =>
      `<rect x="${x}" y="${y}" width="${WIDTH}" height="${HEIGHT}" rx="6"/><text x="${x + WIDTH / 2}" y="${y + HEIGHT / 2 + 4}">${box}</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="Inter, system-ui, sans-serif" font-size="12">
<title>The folders of Hindsight and the arrows between them</title>
<rect width="100%" height="100%" fill="#ffffff"/>
<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4 0 8z" fill="#7b8496"/></marker></defs>
<g fill="none" stroke="#7b8496" stroke-width="1.2">
${arrows.sort().join('\n')}
</g>
<g fill="#eef0f6" stroke="#5b50c8" text-anchor="middle">
${boxes.map((box) => box.replace('<text', '<text stroke="none" fill="#1d2130"')).join('\n')}
</g>
</svg>
`;
}

function boxesAndArrows(): Graph {
  const { stdout, status } = spawnSync(
    join(ROOT, 'node_modules', '.bin', 'depcruise'),
    ['core', 'electron', 'renderer', '--config', '.dependency-cruiser.cjs', '--output-type', 'json'],
    { cwd: ROOT, encoding: 'utf8', maxBuffer: 1 << 28 },
  );
  if (status !== 0) fail('The imports could not be read; "npm run check" says why.');
  const { modules } = JSON.parse(stdout) as { modules: readonly Module[] };
  const graph = new Map<string, Map<string, boolean>>();
  for (const { source, dependencies } of modules) {
    const from = boxOf(source);
    if (from === undefined) continue;
    const targets = graph.get(from) ?? new Map<string, boolean>();
    graph.set(from, targets);
    for (const { resolved, dependencyTypes } of dependencies) {
      const to = boxOf(resolved);
      if (to !== undefined && to !== from) targets.set(to, targets.get(to) === true || !dependencyTypes.includes('type-only'));
    }
  }
  return graph;
}

function boxOf(file: string): string | undefined {
  for (const [pattern, box] of BOXES) {
    const match = pattern.exec(file);
    if (match === null) continue;
    const name = pattern.source.startsWith('^core\\/([a-z]') ? match[1] : box;
    return name === '' ? undefined : name;
  }
  return undefined;
}

/** Without the arrows that follow from two others. */
function reduced(graph: Graph): Graph {
  const reach = (from: string, to: string, without: string): boolean =>
    [...(graph.get(from)?.keys() ?? [])].some((next) => !(from === without && next === to) && (next === to || reach(next, to, '')));
  return new Map([...graph].map(([from, targets]) => [from, new Map([...targets].filter(([to]) => !reach(from, to, from)))]));
}

/** Each box above everything that it imports; in a row, near what it imports. */
function rowsOf(graph: Graph): readonly (readonly string[])[] {
  const level = (box: string): number => Math.max(-1, ...[...(graph.get(box)?.keys() ?? [])].map(level)) + 1;
  const rows: string[][] = [];
  for (const box of [...graph.keys()].sort()) {
    const row = level(box);
    rows[row] = [...(rows[row] ?? []), box];
  }
  const place = new Map<string, number>();
  return rows.map((row) => {
    const weight = (box: string): number => {
      const targets = [...(graph.get(box)?.keys() ?? [])].map((to) => place.get(to) ?? 0.5);
      return targets.length === 0 ? 0.5 : targets.reduce((sum, at) => sum + at, 0) / targets.length;
    };
    const sorted = [...row].sort((a, b) => weight(a) - weight(b) || (a < b ? -1 : 1));
    sorted.forEach((box, i) => place.set(box, (i + 1) / (sorted.length + 1)));
    return sorted;
  });
}

if (import.meta.main) {
  const target = join(ROOT, 'docs', 'architecture.svg');
  writeFileSync(target, drawArchitecture());
  say('docs/architecture.svg was drawn');
}
