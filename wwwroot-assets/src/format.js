// Figures with their units, as Shell/Format.cs writes them.
export const unknown = 'unknown';

const number = (v, digits) => v.toLocaleString('en-US', { minimumFractionDigits: 0, maximumFractionDigits: digits });
const scaled = (v, steps) => {
  for (const [size, suffix] of steps) if (Math.abs(v) >= size) return [v / size, suffix];
  return [v, ''];
};
const SI = [[1e12, 'T'], [1e9, 'G'], [1e6, 'M'], [1e3, 'k']];
const digits = v => (Math.abs(v) >= 100 ? 0 : Math.abs(v) >= 10 ? 1 : 2);

function compact(v) {
  const [x, s] = Math.abs(v) < 10000 ? [v, ''] : scaled(v, SI);
  if (x !== 0 && Math.abs(x) < 0.01) return x.toPrecision(2);
  return number(x, digits(x)) + (s && ' ' + s);
}

function bytes(v) {
  const [x, s] = scaled(v, SI);
  return `${number(x, s ? digits(x) : 0)} ${s}B`;
}

function usd(v) {
  const a = Math.abs(v);
  return (v < 0 ? '-$' : '$') + a.toLocaleString('en-US', a === 0 || a >= 100
    ? { maximumFractionDigits: 0 }
    : a >= 0.1 ? { minimumFractionDigits: 2, maximumFractionDigits: 2 } : { maximumSignificantDigits: 2 });
}

function seconds(v) {
  const a = Math.abs(v);
  if (a === 0) return '0 s';
  if (a < 0.001) return number(v * 1e6, 1) + ' µs';
  if (a < 1) return number(v * 1e3, 1) + ' ms';
  if (a < 120) return number(v, 1) + ' s';
  if (a < 7200) return number(v / 60, 1) + ' min';
  if (a < 172800) return number(v / 3600, 1) + ' h';
  return number(v / 86400, 1) + ' d';
}

/** A figure in the given format: usd, usd/h, bytes, bytes/s, percent (of a 0..1 ratio), seconds, count, or any other unit's own name. */
export function format(v, kind) {
  if (v === null || v === undefined || Number.isNaN(v)) return unknown;
  switch (kind) {
    case 'usd': return usd(v);
    case 'usd/h': return usd(v) + ' /h';
    case 'bytes': case 'By': return bytes(v);
    case 'bytes/s': case 'By/s': return bytes(v) + '/s';
    case 'percent': return number(v * 100, Math.abs(v) >= 0.9995 ? 0 : 1) + ' %';
    case 'seconds': case 's': return seconds(v);
    case 'count': case '1': case '': case undefined: case null: return compact(v);
    default: return `${compact(v)} ${kind.replace(/^\{(.+?)\}/, '$1')}`;
  }
}

/** How long ago, in words. */
export function ago(ms) {
  const s = Math.max(0, Math.round(ms / 1000));
  if (s < 2) return 'now';
  if (s < 60) return s + ' s ago';
  if (s < 3600) return Math.floor(s / 60) + ' min ago';
  if (s < 172800) return Math.floor(s / 3600) + ' h ago';
  return Math.floor(s / 86400) + ' d ago';
}

/** A moment in the zone in which the page is written: "2026-11-23 14:05:09". */
export function stamp(unixMs, zone = shownZone()) {
  const parts = Object.fromEntries(new Intl.DateTimeFormat('en-GB', {
    timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23',
  }).formatToParts(unixMs).map(p => [p.type, p.value]));
  return `${parts.year}-${parts.month}-${parts.day} ${parts.hour}:${parts.minute}:${parts.second}`;
}

export const shownZone = () => globalThis.document?.documentElement.dataset.zone || 'UTC';
