import { ContextMenu as Base } from '@base-ui/react/context-menu';
import type { ReactElement } from 'react';
import './context-menu.css';

interface MenuEntry {
  readonly label: string;
  /** What it would give, in a monospaced font. */
  readonly hint?: string;
  readonly onChoose: () => void;
}

interface ContextMenuProps {
  readonly label: string;
  /** In groups, with a line between them. */
  readonly groups: readonly (readonly MenuEntry[])[];
  readonly children: ReactElement;
}

/** A menu on the right mouse button, and on the key for context menus. */
export function ContextMenu({ label, groups, children }: ContextMenuProps) {
  return (
    <Base.Root>
      <Base.Trigger render={children} />
      <Base.Portal>
        <Base.Positioner className="menu-place">
          <Base.Popup className="menu" aria-label={label}>
            {groups.map((entries) => (
              <Base.Group key={entries[0]?.label} className="menu-group">
                {entries.map(({ label: text, hint, onChoose }) => (
                  <Base.Item key={text} className="menu-item" onClick={onChoose}>
                    {text} {hint !== undefined && <code className="dim">{hint}</code>}
                  </Base.Item>
                ))}
              </Base.Group>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
