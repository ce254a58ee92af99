import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fail, say } from './say.ts';

const PROGRAM = join(import.meta.dirname, '..', 'test', 'interop', 'main.rs');

/**
 * Builds the test program on a published version of the runtime (test/interop/main.rs), if it is older than its source.
 *
 * @returns its path; undefined when cargo is not installed.
 */
export function runtimeProgram(version: '0.3.2' | '0.5.0'): string | undefined {
  if (spawnSync('cargo', ['--version']).status !== 0) return undefined;
  const folder = join(homedir(), '.cache', 'hindsight', 'interop');
  const program = join(folder, `runtime-${version}`);
  const built = statSync(program, { throwIfNoEntry: false });
  if (built !== undefined && built.mtimeMs > statSync(PROGRAM).mtimeMs) return program;
  const crate = join(folder, `crate-${version}`);
  mkdirSync(join(crate, 'src'), { recursive: true });
  copyFileSync(PROGRAM, join(crate, 'src', 'main.rs'));
  writeFileSync(
    join(crate, 'Cargo.toml'),
    `[package]
name = "interop"
version = "0.0.0"
edition = "2021"
[features]
v5 = []
[dependencies]
jamjet-state = "=${version}"
jamjet-core = "=${version}"
chrono = "0.4"
tokio = { version = "1", features = ["full"] }
serde_json = "1"
uuid = { version = "1", features = ["v4"] }
[workspace]
`,
  );
  say(`building the runtime ${version} (three minutes the first time)`);
  const features = version === '0.5.0' ? ['--features', 'v5'] : [];
  const { status, stderr } = spawnSync('cargo', ['build', '--release', '--quiet', ...features], { cwd: crate, encoding: 'utf8' });
  if (status !== 0) fail(`The runtime ${version} could not be built:\n${stderr}`);
  copyFileSync(join(crate, 'target', 'release', 'interop'), program);
  return program;
}
