// A plain editor of text: line numbers, marks of faults beside and behind their lines, indentation that follows.
// <nr-editor faults='[{"line":3,"severity":"error","text":"…"}]'><div class="gutter"></div><div class="marks"></div><textarea></textarea></nr-editor>
// The server draws the three parts and fills the last; the others are filled here. Typing ends in one 'nr-edited' event after a pause.
const PAUSE_MS = 350;

class Editor extends HTMLElement {
  static observedAttributes = ['faults'];

  // The server's renderer puts an element in its place first and its children after.
  connectedCallback() { queueMicrotask(() => this.begin()); }

  begin() {
    this.area = this.querySelector('textarea');
    this.gutter = this.querySelector('.gutter');
    this.marks = this.querySelector('.marks');
    if (!this.area || !this.isConnected) return;
    this.lines = 0;
    this.area.addEventListener('input', () => { this.number(); this.later(); });
    this.area.addEventListener('scroll', () => this.follow());
    this.area.addEventListener('keydown', e => this.key(e));
    this.number();
    this.mark();
  }

  disconnectedCallback() { clearTimeout(this.timer); }
  attributeChangedCallback() { if (this.area) this.mark(); }

  get text() { return this.area.value; }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.dispatchEvent(new CustomEvent('nr-edited', { bubbles: true })), PAUSE_MS);
  }

  number() {
    let lines = 1;
    for (let at = this.area.value.indexOf('\n'); at >= 0; at = this.area.value.indexOf('\n', at + 1)) lines++;
    if (lines === this.lines) return;
    this.lines = lines;
    this.gutter.textContent = Array.from({ length: lines }, (_, i) => i + 1).join('\n');
    this.mark();
  }

  mark() {
    let faults = [];
    try { faults = JSON.parse(this.getAttribute('faults') || '[]'); } catch { /* none then */ }
    const byLine = new Map();
    for (const f of faults) {
      const line = Math.max(1, f.line), known = byLine.get(line);
      byLine.set(line, { severity: known?.severity === 'error' ? 'error' : f.severity, text: known ? `${known.text}\n${f.text}` : f.text });
    }
    this.marks.replaceChildren(...[...byLine].map(([line, f]) => {
      const mark = document.createElement('i');
      mark.className = f.severity;
      mark.style.setProperty('--line-no', line - 1);
      mark.title = f.text;
      return mark;
    }));
    this.follow();
  }

  follow() {
    this.gutter.style.transform = this.marks.style.transform = `translateY(${-this.area.scrollTop}px)`;
  }

  key(e) {
    if (e.key !== 'Enter' || e.isComposing || e.ctrlKey || e.metaKey || e.altKey) return;
    const { value, selectionStart: at } = this.area;
    const line = value.slice(value.lastIndexOf('\n', at - 1) + 1, at);
    const indent = /^ */.exec(line)[0] + (/:\s*$/.test(line) && !/^\s*#/.test(line) ? '  ' : '');
    if (!indent) return;
    e.preventDefault();
    document.execCommand('insertText', false, '\n' + indent); // keeps the browser's undo
  }

  goTo(line) {
    const lines = this.area.value.split('\n'), start = lines.slice(0, line - 1).reduce((n, l) => n + l.length + 1, 0);
    this.area.focus();
    this.area.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
    const height = parseFloat(getComputedStyle(this.area).lineHeight);
    this.area.scrollTop = Math.max(0, (line - 1) * height - this.area.clientHeight / 2);
  }
}
customElements.define('nr-editor', Editor);

document.addEventListener('click', e => {
  const to = e.target.closest?.('[data-goto-line]');
  if (to) document.querySelector('nr-editor')?.goTo(+to.dataset.gotoLine);
});

// The server asks for the text as a stream: a message of the circuit holds 32 KB, a file more.
window.nrEditorText = element => new TextEncoder().encode(element.text ?? '');
window.Blazor?.registerCustomEventType('nredited', { browserEventName: 'nr-edited', createEventArgs: () => ({}) });

// Leaving with an edit that is not saved is asked about.
addEventListener('beforeunload', e => { if (document.querySelector('nr-editor[dirty]')) e.preventDefault(); });
