/** Reports what a script does, in one line. */
export function say(text: string): void {
  console.error(`hindsight: ${text}`);
}

/** Ends the script with an error message. */
export function fail(text: string): never {
  say(text);
  process.exit(1);
}
