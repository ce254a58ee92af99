import { Dialog as Base } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useApp } from '../state/context.ts';
import './dialog.css';

/** A modal dialog. Escape or a click outside closes it, and the focus returns to where it was. */
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
          <div className={bare ? 'visually-hidden' : 'dialog-head'}>
            <Base.Title className="dialog-title">{title}</Base.Title>
            <Base.Close className="icon-button" aria-label="Close">
              <X aria-hidden="true" />
            </Base.Close>
          </div>
          {children}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
