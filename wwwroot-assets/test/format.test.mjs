import test from 'node:test';
import assert from 'node:assert/strict';
import { ago, format, stamp } from '../src/format.js';

test('figures carry their unit', () => {
  const cases = [
    [null, 'usd', 'unknown'], [NaN, 'count', 'unknown'], [0, 'usd', '$0'], [0.0042, 'usd/h', '$0.0042 /h'], [1.5, 'usd', '$1.50'], [12345, 'usd', '$12,345'],
    [512, 'bytes', '512 B'], [1500000, 'bytes', '1.5 MB'], [2500, 'bytes/s', '2.5 kB/s'], [0.9731, 'percent', '97.3 %'], [1, 'percent', '100 %'],
    [0.0005, 's', '500 µs'], [90, 's', '90 s'], [7200, 's', '2 h'], [9999, 'count', '9,999'], [1234567, 'count', '1.23 M'], [12, '{process}', '12 process'],
  ];
  for (const [v, kind, want] of cases) assert.equal(format(v, kind), want);
});

test('ages are words', () => {
  assert.equal(ago(500), 'now');
  assert.equal(ago(59000), '59 s ago');
  assert.equal(ago(3 * 3600e3), '3 h ago');
});

test('a moment is told in the zone, summer time included', () => {
  assert.equal(stamp(Date.UTC(2026, 10, 23, 23, 5, 9), 'UTC'), '2026-11-23 23:05:09');
  assert.equal(stamp(Date.UTC(2026, 10, 23, 23, 5, 9), 'Europe/Berlin'), '2026-11-24 00:05:09');
  assert.equal(stamp(Date.UTC(2026, 6, 1, 12), 'Europe/Berlin'), '2026-07-01 14:00:00');
});
