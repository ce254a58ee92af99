import { Menu } from '@base-ui/react/menu';
import { ChartSpline, Check } from 'lucide-react';
import { memo } from 'react';
import { useRun, useRunState } from '../../state/context.ts';
import '../../widgets/context-menu.css';
import { isPath, TRACK_NAMES, trackLabel } from './track-names.ts';

/** Chooses what is shown below the lanes: what every run has, and the paths that are shown or watched. Memoized, because the lanes around it follow the cursor. */
export const TracksMenu = memo(function TracksMenu() {
  const { showTrack } = useRun();
  const tracks = useRunState((state) => state.tracks);
  const watches = useRunState((state) => state.watches);
  const paths = [...new Set([...tracks.filter(isPath), ...watches.filter((path) => path !== '')])];
  return (
    <Menu.Root>
      <Menu.Trigger className="tracks-button" aria-label="Choose tracks" title="Choose what is shown below the lanes">
        <ChartSpline size={12} aria-hidden="true" />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner className="menu-place" side="top" align="start">
          <Menu.Popup className="menu" aria-label="Tracks">
            {[TRACK_NAMES, ...(paths.length > 0 ? [paths] : [])].map((names) => (
              <Menu.Group key={names === paths ? 'paths' : 'names'} className="menu-group">
                {names.map((track) => (
                  <Menu.CheckboxItem
                    key={track}
                    className="menu-item checkable"
                    checked={tracks.includes(track)}
                    onCheckedChange={(shown) => showTrack(track, shown)}
                  >
                    <span className="menu-check">{tracks.includes(track) && <Check size={12} aria-hidden="true" />}</span>
                    <bdi>{trackLabel(track).label}</bdi>
                  </Menu.CheckboxItem>
                ))}
              </Menu.Group>
            ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
});
