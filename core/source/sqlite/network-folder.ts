import { statfs } from 'node:fs/promises';

/** Filesystems of other computers, by the number that Linux gives (`statfs(2)`, and `linux/magic.h`). */
const NETWORKS: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0xff534d42, 'SMB'],
  [0xfe534d42, 'SMB'],
  [0x517b, 'SMB'],
  [0x5346414f, 'AFS'],
  [0x6b414653, 'AFS'],
  [0x73757245, 'Coda'],
  [0x00c36400, 'Ceph'],
  [0x01021997, '9P'],
  [0x0bd00bd0, 'Lustre'],
  [0x65735546, 'FUSE'],
]);

/**
 * The kind of filesystem that a file is on if it may be one of another computer, where SQLite's locks and shared memory do not
 * work reliably ("How To Corrupt An SQLite Database File", §2.1). Only Linux says so.
 *
 * @param type asks for the type of the filesystem.
 */
export async function networkOf(path: string, type: (path: string) => Promise<number> = async (of) => (await statfs(of)).type): Promise<string | undefined> {
  if (process.platform !== 'linux') return undefined;
  // Some numbers do not fit into 31 bits, and some systems give them with a sign.
  return NETWORKS.get((await type(path).catch(() => 0)) >>> 0);
}

/** What follows from it, as a sentence. */
export function networkRemark(network: string): string {
  return `The file is on a filesystem of the kind ${network}, which may be that of another computer. SQLite's locks do not work reliably there: what others write may be seen late, and reading may disturb them. Copy the file to this computer if in doubt.`;
}
