/** `node scripts/bench/plot.ts RESULTS.json docs/growth.svg` draws how times grow with the number of events, and prints them as a table. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fail } from '../say.ts';
import type { Row } from './measure.ts';

const [results = '', drawing = ''] = process.argv.slice(2);
const rows = (JSON.parse(readFileSync(results, 'utf8')) as Row[]).filter(({ goal }) => goal === 'growth');
if (rows.length === 0) fail(`${results} has no rows of the goal "growth".`);
const series = [...new Set(rows.map((row) => row.series as string))];
const counts = [...new Set(rows.map((row) => row.events as number))].sort((a, b) => a - b);
const valueAt = (name: string, events: number): number => rows.find((row) => row.series === name && row.events === events)?.value ?? Number.NaN;

const short = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toPrecision(2));
console.log(`| milliseconds | ${counts.map((count) => count.toLocaleString('en')).join(' | ')} |`);
console.log(`|---|${counts.map(() => '---').join('|')}|`);
for (const name of series) console.log(`| ${name} | ${counts.map((count) => short(valueAt(name, count))).join(' | ')} |`);

const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [720, 420, 64, 130, 16, 44];
const COLOURS = ['#2f6fde', '#c2410c', '#15803d', '#7c3aed', '#be185d', '#0e7490', '#a16207'];
/** Both scales are logarithmic: from 10 microseconds to 10 seconds. */
const [lowest, highest] = [-2, 4];
const [first, last] = [Math.log10(counts[0] as number), Math.log10(counts.at(-1) as number)];
const x = (events: number): number => LEFT + ((Math.log10(events) - first) / (last - first)) * (WIDTH - LEFT - RIGHT);
const y = (value: number): number => HEIGHT - BOTTOM - ((Math.max(lowest, Math.log10(value)) - lowest) / (highest - lowest)) * (HEIGHT - TOP - BOTTOM);
const parts: string[] = [];
for (let power = lowest; power <= highest; power++) {
  const label = power < 0 ? `${10 ** (power + 3)} µs` : power < 3 ? `${10 ** power} ms` : `${10 ** (power - 3)} s`;
  parts.push(
    `<path d="M${LEFT} ${y(10 ** power)}H${WIDTH - RIGHT}" stroke="#8884"/><text x="${LEFT - 8}" y="${y(10 ** power) + 4}" text-anchor="end">${label}</text>`,
  );
}
for (const count of counts) parts.push(`<text x="${x(count)}" y="${HEIGHT - BOTTOM + 20}" text-anchor="middle">${count.toLocaleString('en')}</text>`);
parts.push(`<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 6}" text-anchor="middle">events</text>`);
/** Labels are next to the last points, moved apart where they would overlap. */
const labels = series
  .map((name, i) => ({ name, colour: COLOURS[i % COLOURS.length] as string, at: y(valueAt(name, counts.at(-1) as number)) }))
  .sort((a, b) => a.at - b.at);
for (const [i, label] of labels.entries()) if (i > 0) label.at = Math.max(label.at, (labels[i - 1]?.at ?? 0) + 16);
for (const { name, colour, at } of labels) {
  const points = counts.map((count) => `${x(count).toFixed(1)},${y(valueAt(name, count)).toFixed(1)}`);
  const dots = points.map((point) => `<circle cx="${point.split(',')[0]}" cy="${point.split(',')[1]}" r="3" fill="${colour}"/>`).join('');
  parts.push(`<polyline points="${points.join(' ')}" fill="none" stroke="${colour}" stroke-width="2"/>${dots}`);
  parts.push(`<text x="${WIDTH - RIGHT + 10}" y="${(at + 4).toFixed(1)}" fill="${colour}">${name}</text>`);
}
writeFileSync(
  drawing,
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="system-ui, sans-serif" font-size="12" fill="#777" role="img" aria-label="How cost grows with the number of events">
<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>
${parts.join('\n')}
</svg>
`,
);
