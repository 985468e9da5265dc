import test from 'node:test';
import assert from 'node:assert/strict';
import { around, colours, csv, joined, level, MAX_POINTS, pick, put, range, sentence, step, withGaps } from '../src/window.js';

const now = Date.UTC(2026, 10, 23, 4);

test('a preset ends now and is live; a fixed window in the past is not', () => {
  assert.deepEqual(range('6h', now), { from: now - 6 * 3600e3, to: now, live: true });
  assert.deepEqual(range('2026-11-01T00:00:00Z..2026-11-02T00:00:00Z', now), { from: Date.UTC(2026, 10, 1), to: Date.UTC(2026, 10, 2), live: false });
});

test('a range that makes no sense is the last hour', () => {
  for (const text of ['', null, 'x', '..', '2026-11-02T00:00:00Z..2026-11-01T00:00:00Z'])
    assert.deepEqual(range(text, now), { from: now - 3600e3, to: now, live: true });
});

test('the step never yields more than 240 points', () => {
  for (let span = 60e3; span < 400 * 86400e3; span *= 1.7) assert.ok(span / (step(0, span) * 1000) <= MAX_POINTS, String(span));
});

test('live values fill their slot and old ones leave', () => {
  const points = [];
  put(points, 1000, 1, 5000, 10000);
  put(points, 4999, 2, 5000, 10000);
  put(points, 5000, 3, 5000, 10000);
  assert.deepEqual(points, [[0, 2], [5000, 3]]);
  put(points, 1000, 9, 5000, 10000);
  assert.deepEqual(points, [[0, 2], [5000, 3]], 'late points are ignored');
  put(points, 17000, 4, 5000, 10000);
  assert.deepEqual(points, [[5000, 3], [15000, 4]]);
});

test('a gap of more than three steps breaks the line', () => {
  assert.deepEqual(withGaps([[0, 1], [10, 2], [20, 2], [70, 3]], 10), [[0, 1], [10, 2], [20, 2], [30, null], [70, 3]]);
});

test('points rarer than the step are no gaps', () => {
  const points = [[0, 1], [60, 2], [120, 3], [180, 4]];
  assert.deepEqual(withGaps(points, 10), points);
});

test('an interval that changes is no gap', () => {
  const points = [[0, 1], [60, 2], [120, 3], [130, 4], [140, 5]];
  assert.deepEqual(withGaps(points, 10), points);
});

test('colours are stable by name and distinct within a chart', () => {
  const keys = Array.from({ length: 8 }, (_, i) => 'host-' + i);
  assert.equal(new Set(colours(keys, 10)).size, 8);
  assert.deepEqual(colours(['a', 'b'], 10), colours(['a', 'b'], 10));
});

test('a path into a summary ends in undefined where the data does', () => {
  assert.equal(pick({ tiers: [{ coverage: { fresh: 3 } }] }, 'tiers.0.coverage.fresh'), 3);
  assert.equal(pick({}, 'tiers.0.coverage.fresh'), undefined);
});

test('a chart is told in one sentence', () => {
  assert.equal(sentence('Score', [[0, 2], [1, 1], [2, null], [3, 3]], String), 'Score: latest 3, lowest 1, highest 3');
  assert.equal(sentence('Score', [], String), 'Score: no data');
});

test('csv quotes names, leaves holes empty and disarms formulas', () => {
  assert.equal(csv([{ name: 'a "b"', points: [[0, 1]] }, { name: '=cmd', points: [[1000, 2]] }]),
    '"time","a ""b""","\'=cmd"\r\n1970-01-01T00:00:00.000Z,1,\r\n1970-01-01T00:00:01.000Z,,2\r\n');
});

test('history and live points join; a series that has no history yet stays', () => {
  const live = [{ name: 'a', live: true, points: [[10, 1], [20, 2]] }, { name: 'b', live: true, points: [[20, 9]] }, { name: 'gone', points: [[1, 1]] }];
  assert.deepEqual(joined([{ name: 'a', unit: '1', points: [[0, 5], [10, 6]] }], live).map(s => [s.name, s.points]), [['a', [[0, 5], [10, 6], [20, 2]]], ['b', [[20, 9]]]]);
});

test('a level line has room around it', () => {
  assert.equal(level([{ points: [[0, 2], [1, null]] }, { points: [[0, 2]] }]), 2);
  assert.equal(level([{ points: [[0, 2], [1, 3]] }]), undefined);
  assert.deepEqual([around(0.2), around(0), around(undefined)], [{ min: 0.1, max: 0.30000000000000004 }, { min: 0, max: 1 }, {}]);
});
