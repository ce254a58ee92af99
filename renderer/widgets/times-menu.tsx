import { Menu } from '@base-ui/react/menu';
import { Check } from 'lucide-react';
import { memo, type ReactNode, useState } from 'react';
import { TIME_FORMS, TIME_ZONES, type TimeForm } from '../../core/vocabulary.ts';
import { useApp } from '../state/context.ts';
import { useTimes, zoneName } from './times.ts';
import './context-menu.css';

interface TimesMenuProps {
  readonly className: string;
  /** Called when another form was chosen. */
  readonly onForm?: (form: TimeForm) => void;
  readonly children: ReactNode;
}

/** A button that chooses how times are shown, everywhere. Memoized, because the bars that have it follow the cursor. */
export const TimesMenu = memo(function TimesMenu({ className, onForm, children }: TimesMenuProps) {
  const { settings } = useApp();
  const { form, zone } = useTimes().choice;
  /** Beside the button, so that the menu belongs to the same region of the page. */
  const [place, setPlace] = useState<HTMLElement | null>(null);
  const chooseForm = (chosen: TimeForm): void => {
    settings.setTimes({ form: chosen });
    onForm?.(chosen);
  };
  return (
    <Menu.Root>
      <Menu.Trigger className={className} aria-label={`Times: ${TIME_FORMS[form]}, ${zoneName(zone)}`} title="How times are shown">
        {children}
      </Menu.Trigger>
      <span ref={setPlace} className="menu-beside" />
      <Menu.Portal container={place}>
        <Menu.Positioner className="menu-place" sideOffset={4} positionMethod="fixed">
          <Menu.Popup className="menu" aria-label="Times">
            <Choices label="Show times as" words={TIME_FORMS} chosen={form} onChoose={chooseForm} />
            <Choices label="In the zone" words={TIME_ZONES} chosen={zone} onChoose={(chosen) => settings.setTimes({ zone: chosen })} />
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
});

interface ChoicesProps<T extends string> {
  readonly label: string;
  readonly words: Readonly<Record<T, string>>;
  readonly chosen: T;
  readonly onChoose: (chosen: T) => void;
}

function Choices<T extends string>({ label, words, chosen, onChoose }: ChoicesProps<T>) {
  return (
    <Menu.Group className="menu-group">
      <Menu.GroupLabel className="menu-label">{label}</Menu.GroupLabel>
      <Menu.RadioGroup value={chosen} onValueChange={(value) => onChoose(value as T)}>
        {(Object.keys(words) as T[]).map((value) => (
          <Menu.RadioItem key={value} value={value} className="menu-item">
            {words[value]}
            <Menu.RadioItemIndicator>
              <Check size={13} aria-hidden="true" />
            </Menu.RadioItemIndicator>
          </Menu.RadioItem>
        ))}
      </Menu.RadioGroup>
    </Menu.Group>
  );
}
