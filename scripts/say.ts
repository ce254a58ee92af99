/** One line about what a script does. */
export function say(text: string): void {
  console.error(`hindsight: ${text}`);
}

/** Ends the script with one clear sentence. */
export function fail(text: string): never {
  say(text);
  process.exit(1);
}
