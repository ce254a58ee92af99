import { z } from 'zod';
import { CONTRASTS, DENSITIES, SIDE_PANES, THEMES, TIME_FORMS, TIME_ZONES, TRACKS } from '../vocabulary.ts';

/** A key of a command, such as `Mod+K` (Ctrl, or Cmd on a Mac), `Shift+ArrowLeft`, `g`. */
export const key = z.string().min(1).max(50);

/** The keys that the user gave to commands instead of the usual ones, by the id of the command. */
const keys = z
  .record(z.string().max(100), z.array(key).max(5).readonly())
  .refine((commands) => Object.keys(commands).length <= 300, { message: 'too many commands' });

/** The names of a list of choices with their words. */
function namesOf<N extends string>(choices: Readonly<Record<N, unknown>>): [N, ...N[]] {
  return Object.keys(choices) as [N, ...N[]];
}

/** What the user chose once and for all. A new preference is a line here, one in DEFAULT_PREFERENCES (core/vocabulary.ts), and its control. */
export const preferences = z.strictObject({
  theme: z.enum(THEMES),
  contrast: z.enum(CONTRASTS),
  density: z.enum(DENSITIES),
  times: z.strictObject({ form: z.enum(namesOf(TIME_FORMS)), zone: z.enum(namesOf(TIME_ZONES)) }),
  /** The size of everything in the window; 1 is the actual size. */
  zoom: z.number().min(0.5).max(3),
  keys,
  /** The tracks that timelines show, but for those of paths. */
  tracks: z.array(z.enum(TRACKS)).max(TRACKS.length).readonly(),
  hiddenPanes: z.array(z.enum(SIDE_PANES)).max(SIDE_PANES.length).readonly(),
});
export type Preferences = z.output<typeof preferences>;
export type TimeChoice = Preferences['times'];
