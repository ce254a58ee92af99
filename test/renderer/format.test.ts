import { expect, it } from 'vitest';
import type { TimeForm, TimeZone } from '../../core/vocabulary.ts';
import { ago, span } from '../../renderer/widgets/format.ts';
import { timesOf } from '../../renderer/widgets/times.ts';

it('E17: a time without a zone is UTC, in any time zone', () => {
  const before = process.env['TZ'];
  try {
    for (const zone of ['UTC', 'America/New_York', 'Asia/Kolkata']) {
      process.env['TZ'] = zone;
      const now = Date.parse('2026-06-01T12:00:01Z');
      for (const text of ['2026-06-01 11:00:00', '2026-06-01T11:00:00', '2026-06-01T11:00:00.123456', '2026-06-01T11:00:00Z', '2026-06-01T13:00:00+02:00'])
        expect([zone, text, ago(text, now)]).toEqual([zone, text, '1 h ago']);
    }
  } finally {
    process.env['TZ'] = before;
  }
});

it('S12: a unit is never on another line than its number', () => {
  for (const milliseconds of [0.5, 3, 1200, 90_000, 11_520_000, 1e9]) expect(span(milliseconds)).not.toContain(' ');
  expect(span(11_520_000)).toBe('3\u00a0h\u00a012\u00a0m');
});

it('M6: a time is shown as it is, in UTC or the zone of the user, or as a distance, where there is something to compare it with', () => {
  const before = process.env['TZ'];
  try {
    process.env['TZ'] = 'Asia/Kolkata';
    const at = '2026-06-01T20:52:27.625939892+00:00';
    const about = { start: '2026-06-01T16:22:27+00:00', sincePrevious: 1500, exact: true };
    const shown = (form: TimeForm, zone: TimeZone = 'utc', text = at) => timesOf({ form, zone }).shown(text, about);
    // Cut, never rounded.
    expect(shown('absolute')).toBe('2026-06-01 20:52:27.625');
    expect(shown('absolute', 'local')).toBe('2026-06-02 02:22:27.625');
    expect(shown('absolute', 'utc', '2026-06-01T22:52:27+02:00')).toBe('2026-06-01 20:52:27.000');
    expect(shown('absolute', 'local', 'no time')).toBe('no time');
    expect(shown('start')).toBe('+4\u00a0h\u00a030\u00a0m');
    expect(shown('previous')).toBe('+1.5\u00a0s');
    expect(timesOf({ form: 'start', zone: 'utc' }).shown(at)).toBe('2026-06-01 20:52:27');
    expect(timesOf({ form: 'ago', zone: 'local' }).tip(at, about)).toMatch(
      /^2026-06-02 02:22:27\.625 Asia\/\w+ · .* ago · \+4\u00a0h\u00a030\u00a0m since the start$/,
    );
  } finally {
    process.env['TZ'] = before;
  }
});
