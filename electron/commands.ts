import type { CommandInfo } from '../core/replies.ts';

/** Every command: the native menu, the palette, the sheet of keys and the keys themselves are made from this table. */
export const COMMANDS: readonly CommandInfo[] = [
  { id: 'open', label: 'Open Database…', menu: 'File', keys: ['Mod+O'] },
  { id: 'open-sample', label: 'Open the Sample', menu: 'File', keys: [] },
  { id: 'export', label: 'Export…', menu: 'File', keys: ['Mod+E'], needs: 'execution' },
  { id: 'again', label: 'Read the Database Again', menu: 'File', keys: ['Mod+R'], needs: 'source' },
  { id: 'close', label: 'Close Database', menu: 'File', keys: ['Mod+Shift+W'], needs: 'source' },

  { id: 'executions', label: 'List of Executions', menu: 'Go', keys: ['Mod+L'], needs: 'source' },
  { id: 'next', label: 'Next Event', menu: 'Go', keys: ['ArrowRight', 'F8'], needs: 'execution' },
  { id: 'previous', label: 'Previous Event', menu: 'Go', keys: ['ArrowLeft', 'F7'], needs: 'execution' },
  { id: 'next-ten', label: 'Ten Events On', menu: 'Go', keys: ['Shift+ArrowRight'], needs: 'execution' },
  { id: 'previous-ten', label: 'Ten Events Back', menu: 'Go', keys: ['Shift+ArrowLeft'], needs: 'execution' },
  { id: 'next-snapshot', label: 'Next Snapshot', menu: 'Go', keys: ['Mod+ArrowRight'], needs: 'execution' },
  { id: 'previous-snapshot', label: 'Previous Snapshot', menu: 'Go', keys: ['Mod+ArrowLeft'], needs: 'execution' },
  { id: 'next-change', label: 'Next Change of the State', menu: 'Go', keys: ['c'], needs: 'execution' },
  { id: 'previous-change', label: 'Previous Change of the State', menu: 'Go', keys: ['C'], needs: 'execution' },
  { id: 'next-failure', label: 'Next Failure', menu: 'Go', keys: ['e'], needs: 'execution' },
  { id: 'previous-failure', label: 'Previous Failure', menu: 'Go', keys: ['E'], needs: 'execution' },
  { id: 'first', label: 'Before the First Event', menu: 'Go', keys: ['Home'], needs: 'execution' },
  { id: 'last', label: 'Last Event', menu: 'Go', keys: ['End'], needs: 'execution' },
  { id: 'go', label: 'Go to Sequence…', menu: 'Go', keys: ['g'], needs: 'execution' },
  { id: 'back', label: 'Back to Where I Was', menu: 'Go', keys: ['Alt+ArrowLeft'], needs: 'execution' },
  { id: 'forward', label: 'Forward Again', menu: 'Go', keys: ['Alt+ArrowRight'], needs: 'execution' },
  { id: 'play', label: 'Play / Pause', menu: 'Go', keys: ['Space'], needs: 'execution' },

  { id: 'palette', label: 'Command Palette…', menu: 'View', keys: ['Mod+K'] },
  { id: 'filter', label: 'Filter', menu: 'View', keys: ['/'], needs: 'source' },
  { id: 'tree', label: 'State as a Tree', menu: 'View', keys: ['1'], needs: 'execution' },
  { id: 'diff', label: 'Changes of This Event', menu: 'View', keys: ['2', 'd'], needs: 'execution' },
  { id: 'json', label: 'State as JSON', menu: 'View', keys: ['3'], needs: 'execution' },
  { id: 'zoom-in', label: 'Zoom the Timeline In', menu: 'View', keys: ['w'], needs: 'execution' },
  { id: 'zoom-out', label: 'Zoom the Timeline Out', menu: 'View', keys: ['s'], needs: 'execution' },
  { id: 'theme-system', label: 'Theme: as the System', menu: 'View', keys: [] },
  { id: 'theme-light', label: 'Theme: Light', menu: 'View', keys: [] },
  { id: 'theme-dark', label: 'Theme: Dark', menu: 'View', keys: [] },

  { id: 'keys', label: 'Keyboard Shortcuts', menu: 'Help', keys: ['?'] },
];
