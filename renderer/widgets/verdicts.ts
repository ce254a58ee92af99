/** What is said of a stored snapshot, wherever one is shown. */
export const VERDICTS = { matches: 'matches replay', differs: 'differs from replay', unreadable: 'cannot be read', unchecked: 'not checked' } as const;
