// What the browser does by itself, without a round trip: theme, data ages, menus' places, copying, keys, the lost connection.
import { ago } from './format.js';
import './palette.js';
import './charts.js';
import './editor.js';

// Clocks differ: ages are told by the server's.
const served = +document.querySelector('meta[name="server-time"]')?.content || Date.now();
const skew = served - Date.now();

class Age extends HTMLElement {
  static all = new Set();
  static observedAttributes = ['at'];
  connectedCallback() { Age.all.add(this); this.tell(); }
  disconnectedCallback() { Age.all.delete(this); }
  attributeChangedCallback() { if (this.isConnected) this.tell(); }
  tell() {
    const at = +this.getAttribute('at');
    if (!at) return;
    const age = Date.now() + skew - at, text = ago(age), old = age > (+this.getAttribute('stale') || 20000);
    if (this.textContent !== text) this.textContent = text;
    if (this.classList.contains('old') !== old) this.classList.toggle('old', old);
  }
}
customElements.define('nr-age', Age);
setInterval(() => { if (!document.hidden) for (const a of Age.all) a.tell(); }, 1000);

// The window's title while a circuit draws the page.
customElements.define('nr-title', class extends HTMLElement {
  static observedAttributes = ['text'];
  attributeChangedCallback(name, before, text) { document.title = text; }
});

// ── theme
function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
  document.dispatchEvent(new CustomEvent('nr-theme'));
}
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', e => {
  if (!document.cookie.includes('nr-theme=')) setTheme(e.matches ? 'dark' : 'light');
});

// ── clicks that need no server
const actions = {
  theme() {
    const theme = document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark';
    const secure = location.protocol === 'https:' ? ';secure' : '';
    document.cookie = `nr-theme=${theme};path=/;max-age=31536000;samesite=lax${secure}`;
    setTheme(theme);
  },
  palette(button) { document.dispatchEvent(new CustomEvent('nr-palette', { detail: { pick: button.dataset.pick } })); },
  nav() { document.documentElement.classList.toggle('nav-open'); },
  close(button) { button.closest('[popover]')?.hidePopover(); },
  async copy(button) {
    const text = button.dataset.text ?? document.getElementById(button.dataset.from)?.textContent ?? '';
    const label = button.querySelector('[data-label]') ?? button;
    const before = label.textContent;
    try {
      await copyText(text);
      label.textContent = 'Copied';
    } catch { label.textContent = 'Press Ctrl+C'; }
    setTimeout(() => { label.textContent = before; }, 1600);
  },
};

async function copyText(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  // Plain http: the clipboard API is not there.
  const area = document.body.appendChild(Object.assign(document.createElement('textarea'), { value: text }));
  area.select();
  const done = document.execCommand('copy');
  area.remove();
  if (!done) throw new Error('copy');
}

document.addEventListener('click', e => {
  const button = e.target.closest?.('[data-action]');
  if (button) actions[button.dataset.action]?.(button);
  if (e.target.closest?.('.nav a, .nav-shade')) document.documentElement.classList.remove('nav-open');
  if (e.target.closest?.('[popover] a, [popover] [data-closes]')) e.target.closest('[popover]').hidePopover();
});
document.addEventListener('keydown', e => {
  if (e.key === 'Escape') document.documentElement.classList.remove('nav-open');
});

// ── popovers stand beside what opened them, inside the window
document.addEventListener('toggle', e => {
  const box = e.target;
  if (e.newState !== 'open' || !box.matches?.('[popover]') || !box.id) return;
  const opener = document.querySelector(`[popovertarget="${CSS.escape(box.id)}"]`);
  if (!opener) return;
  const o = opener.getBoundingClientRect(), b = box.getBoundingClientRect(), edge = 8;
  const below = o.bottom + 6 + b.height <= innerHeight - edge || o.top < b.height + edge;
  box.style.left = Math.max(edge, Math.min(o.left, innerWidth - b.width - edge)) + 'px';
  box.style.top = Math.max(edge, below ? Math.min(o.bottom + 6, innerHeight - b.height - edge) : o.top - b.height - 6) + 'px';
}, true);

// ── arrow keys walk the rows of a table
document.addEventListener('keydown', e => {
  if (e.key !== 'ArrowDown' && e.key !== 'ArrowUp') return;
  const row = e.target.closest?.('[data-rows] tr');
  if (!row) return;
  let next = row;
  do next = e.key === 'ArrowDown' ? next.nextElementSibling : next.previousElementSibling;
  while (next && !next.querySelector('a, button'));
  if (!next) return;
  e.preventDefault();
  const target = next.querySelector('a, button');
  target.focus();
  target.scrollIntoView({ block: 'nearest' });
});

// ── the connection of the page
const strip = document.getElementById('components-reconnect-modal');
let lostAt = 0, counting = 0;
strip?.addEventListener('components-reconnect-state-changed', e => {
  const state = e.detail?.state;
  if (state === 'hide') return found();
  if (state === 'rejected' || state === 'resume-failed') return location.reload(); // the server forgot this page; the address holds its state
  lost();
  if (state === 'failed') retryLater();
});
const text = document.getElementById('connection-text');

function lost() {
  if (lostAt) return;
  lostAt = Date.now();
  document.documentElement.classList.add('is-offline');
  counting = setInterval(tell, 1000);
  tell();
}
function tell() {
  if (text) text.textContent = `Connection lost ${ago(Date.now() - lostAt)}. What you see is from then; it resumes by itself.`;
}
function found() {
  clearInterval(counting);
  lostAt = 0;
  document.documentElement.classList.remove('is-offline');
}
async function retryLater() {
  for (;;) {
    await new Promise(r => setTimeout(r, 5000));
    try {
      const back = await window.Blazor.reconnect();
      if (back) return found();
      return location.reload();
    } catch { /* not yet */ }
  }
}
document.getElementById('connection-retry')?.addEventListener('click', async () => {
  try { if (!(await window.Blazor.reconnect())) location.reload(); else found(); } catch { tell(); }
});

// Resuming after a pause: charts ask for what they missed.
new MutationObserver(() => document.dispatchEvent(new CustomEvent('nr-live')))
  .observe(document.body, { subtree: true, attributeFilter: ['data-live'] });
