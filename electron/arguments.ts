/** What the command line asks the app to open: `--open=SOURCE --execution=EXEC --at=N`. Everything else is ignored. */
export interface StartArguments {
  readonly open: string | undefined;
  readonly execution: string | undefined;
  readonly at: number | undefined;
}

export function startArguments(argv: readonly string[]): StartArguments {
  const value = (name: string): string | undefined => argv.findLast((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3) || undefined;
  const at = value('at');
  return {
    open: value('open')?.replace(/^sqlite:\/\//, ''),
    execution: value('execution'),
    at: at !== undefined && /^\d{1,16}$/.test(at) ? Number(at) : undefined,
  };
}
