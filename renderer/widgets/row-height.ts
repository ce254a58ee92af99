import { useSettings } from '../state/context.ts';

/** The height of a row in pixels, by the density that the user chose; in styles it is `--row`. */
export function useRowHeight(): number {
  return ROW_HEIGHTS[useSettings(({ preferences }) => preferences.density)];
}
const ROW_HEIGHTS = { compact: 20, comfortable: 24, spacious: 30 } as const;
