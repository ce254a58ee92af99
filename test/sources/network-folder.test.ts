import { expect, it } from 'vitest';
import { networkOf, networkRemark } from '../../core/source/sqlite/network-folder.ts';
import { temporaryFolder } from '../support/temp.ts';

it.runIf(process.platform === 'linux')(
  'a filesystem that may be of another computer is recognised by its number, also when that has a sign, and a local one is not',
  async () => {
    const of = (number: number): Promise<string | undefined> => networkOf('/', async () => number);
    expect(await Promise.all([0x6969, 0xff534d42, 0xff534d42 | 0, 0x65735546, 0xef53, 0x01021994].map(of))).toEqual([
      'NFS',
      'SMB',
      'SMB',
      'FUSE',
      undefined,
      undefined,
    ]);
    expect(await networkOf(temporaryFolder())).toBeUndefined();
    expect(await networkOf('/no/such/file')).toBeUndefined();
    expect(networkRemark('NFS')).toMatch(/^The file is on a filesystem of the kind NFS, .+\.$/);
  },
);
