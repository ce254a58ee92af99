import { expect, it } from 'vitest';
import { ago } from '../../renderer/widgets/format.ts';

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
