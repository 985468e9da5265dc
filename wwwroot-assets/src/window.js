// The arithmetic of a chart's window: no DOM, no clock of its own.
const STEPS = [5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400];
const UNITS = { m: 60e3, h: 3600e3, d: 86400e3 };
export const MAX_POINTS = 240;

/** "1h", "7d" or "2026-11-01T00:00:00Z..2026-11-02T00:00:00Z" → { from, to, live } in Unix ms; the former ends now. */
export function range(text, now) {
  const span = /^(\d+)([mhd])$/.exec(text ?? '');
  if (span) return { from: now - span[1] * UNITS[span[2]], to: now, live: true };
  const [from, to] = (text ?? '').split('..').map(Date.parse);
  return from < to ? { from, to, live: to > now } : { from: now - UNITS.h, to: now, live: true };
}

/** The finest step, in seconds, that keeps a window within MAX_POINTS. */
export function step(fromMs, toMs) {
  const least = (toMs - fromMs) / 1000 / MAX_POINTS;
  return STEPS.find(s => s >= least) ?? Math.ceil(least / 86400) * 86400;
}

/** Puts a live value into its step's slot, and drops what has left the window. Mutates and returns points. */
export function put(points, unixMs, value, stepMs, windowMs) {
  const slot = Math.floor(unixMs / stepMs) * stepMs;
  const last = points.at(-1);
  if (last && slot < last[0]) return points; // late: the chart's history has it already
  if (last && slot === last[0]) last[1] = value;
  else points.push([slot, value]);
  const oldest = slot - windowMs;
  let gone = 0;
  while (gone < points.length && points[gone][0] < oldest) gone++;
  if (gone) points.splice(0, gone);
  return points;
}

/** History, and after it the live points that are newer; a series of live points alone stays. */
export function joined(history, live) {
  const known = history.map(h => {
    const newest = h.points.at(-1)?.[0] ?? -Infinity, fresh = live.find(l => l.name === h.name)?.points.filter(p => p[0] > newest) ?? [];
    return { ...h, live: live.some(l => l.live && l.name === h.name), points: [...h.points, ...fresh] };
  });
  return [...known, ...live.filter(l => l.live && !history.some(h => h.name === l.name))];
}

/** The one value that all points have; undefined where they differ or there are none. */
export function level(series) {
  let one;
  for (const { points } of series) {
    for (const [, v] of points) {
      if (v === null) continue;
      if (one !== undefined && v !== one) return undefined;
      one = v;
    }
  }
  return one;
}

/** An axis that shows a level line in its middle: an axis of no height draws nothing. */
export const around = value => (value === undefined ? {} : value === 0 ? { min: 0, max: 1 } : { min: value - Math.abs(value) / 2, max: value + Math.abs(value) / 2 });

/** Breaks the line where data is missing for more than three of its intervals thereabouts, so that a gap looks like one. */
export function withGaps(points, stepMs) {
  const out = [];
  for (let i = 0; i < points.length; i++) {
    const gap = i && points[i][0] - points[i - 1][0];
    const before = i > 1 ? points[i - 1][0] - points[i - 2][0] : 0;
    const after = i + 1 < points.length ? points[i + 1][0] - points[i][0] : 0;
    const usual = Math.max(stepMs, before, after);
    if (gap > 3 * usual) out.push([points[i - 1][0] + usual, null]);
    out.push(points[i]);
  }
  return out;
}

/** The same key has the same colour on every page and after every reload. Neighbours in one chart never share one. */
export function colours(keys, size) {
  const taken = new Set();
  return keys.map(key => {
    let h = 2166136261;
    for (let i = 0; i < key.length; i++) h = Math.imul(h ^ key.charCodeAt(i), 16777619) >>> 0;
    let c = h % size;
    for (let i = 0; i < size && taken.has(c); i++) c = (c + 1) % size;
    if (taken.size >= size) taken.clear();
    taken.add(c);
    return c;
  });
}

/** A value inside a summary by its path: "tiers.0.coverage.fresh". Undefined where the path ends early. */
export const pick = (value, path) => path.split('.').reduce((v, key) => v?.[key], value);

/** "Latest 97 %, lowest 91 %, highest 98 %": a chart in one sentence. */
export function sentence(name, points, show) {
  let low = Infinity, high = -Infinity, latest;
  for (const [, v] of points) {
    if (v === null || Number.isNaN(v)) continue;
    latest = v;
    if (v < low) low = v;
    if (v > high) high = v;
  }
  return latest === undefined ? `${name}: no data` : `${name}: latest ${show(latest)}, lowest ${show(low)}, highest ${show(high)}`;
}

/** RFC 4180 rows: time, then one column a series. */
export function csv(series) {
  const times = [...new Set(series.flatMap(s => s.points.map(p => p[0])))].sort((a, b) => a - b);
  const maps = series.map(s => new Map(s.points));
  // A leading =, +, - or @ would be run as a formula by a spreadsheet.
  const cell = text => `"${(/^[=+\-@\t\r]/.test(text) ? "'" : '') + text.replaceAll('"', '""')}"`;
  const rows = [['"time"', ...series.map(s => cell(s.name))]];
  for (const t of times) rows.push([new Date(t).toISOString(), ...maps.map(m => m.get(t) ?? '')]);
  return rows.map(r => r.join(',')).join('\r\n') + '\r\n';
}
