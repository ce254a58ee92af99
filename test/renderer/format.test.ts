import { expect, it } from 'vitest';
import { ago, span } from '../../renderer/widgets/format.ts';

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
