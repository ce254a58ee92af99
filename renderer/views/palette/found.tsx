import { Command } from 'cmdk';
import type { ReactNode } from 'react';

/** Things of one kind; nothing when none was found. */
export function Found({ heading, children }: { readonly heading: string; readonly children: readonly ReactNode[] }) {
  if (children.length === 0) return null;
  return (
    <Command.Group heading={heading} className="palette-group">
      {children}
    </Command.Group>
  );
}
