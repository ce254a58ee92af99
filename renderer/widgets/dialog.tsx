import { Dialog as Base } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useApp } from '../state/context.ts';
import './dialog.css';

/**
 * A modal dialog. Escape or a click outside closes it, and the focus returns to where it was. The
 * button that closes it comes last, so that the focus begins at the first field.
 */
export function Dialog({
  title,
  wide = false,
  bare = false,
  onClose,
  children,
}: {
  readonly title: string;
  readonly wide?: boolean;
  readonly bare?: boolean;
  /** Called instead of closing the dialog of the window. */
  readonly onClose?: () => void;
  readonly children: ReactNode;
}) {
  const { navigation } = useApp();
  return (
    <Base.Root open onOpenChange={(open) => !open && (onClose === undefined ? navigation.setDialog(undefined) : onClose())}>
      <Base.Portal>
        <Base.Backdrop className="dialog-backdrop" />
        <Base.Popup className={`dialog${wide ? ' wide' : ''}${bare ? ' bare' : ''}`}>
          <Base.Title className={bare ? 'visually-hidden' : 'dialog-title'}>{title}</Base.Title>
          {children}
          <Base.Close className={`icon-button ${bare ? 'visually-hidden' : 'dialog-close'}`} aria-label="Close">
            <X aria-hidden="true" />
          </Base.Close>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
