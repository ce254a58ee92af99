import { buildIfStale } from '../../scripts/build.ts';

/** The bundles that tests start as processes are built once for all of them. */
export default buildIfStale;
