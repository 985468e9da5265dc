// <nr-palette>: Ctrl+K or / finds every page and host. The server ranks; the scope in the address is kept.
const KEPT = ['tenant', 'range'];

class Palette extends HTMLElement {
  #dialog; #input; #list; #hits = []; #at = 0; #request; #debounce = 0;

  connectedCallback() {
    this.innerHTML = `<dialog class="palette" aria-label="Go to a page or host">
      <input type="text" role="combobox" aria-expanded="true" aria-controls="palette-hits" aria-autocomplete="list" autocomplete="off" spellcheck="false"
             placeholder="Go to a page or host…" aria-label="Search pages and hosts">
      <ul id="palette-hits" role="listbox" aria-label="Results"></ul>
      <footer><kbd>↑</kbd><kbd>↓</kbd> choose <kbd>Enter</kbd> open <kbd>Esc</kbd> close</footer></dialog>`;
    this.#dialog = this.querySelector('dialog');
    this.#input = this.querySelector('input');
    this.#list = this.querySelector('ul');
    this.#input.addEventListener('input', () => {
      clearTimeout(this.#debounce);
      this.#debounce = setTimeout(() => this.#find(), 60);
    });
    this.#input.addEventListener('keydown', e => this.#key(e));
    this.#dialog.addEventListener('click', e => { if (e.target === this.#dialog) this.#dialog.close(); });
    this.#list.addEventListener('click', e => {
      const li = e.target.closest('li[data-i]');
      if (li) this.#go(+li.dataset.i);
    });
    document.addEventListener('keydown', this.#global);
    document.addEventListener('nr-palette', this.open);
  }

  disconnectedCallback() {
    document.removeEventListener('keydown', this.#global);
    document.removeEventListener('nr-palette', this.open);
  }

  open = e => {
    if (this.#dialog.open) return;
    this.#input.value = e?.detail?.text ?? '';
    this.#pick = e?.detail?.pick;
    this.#input.placeholder = this.#pick === 'host' ? 'Choose a host…' : 'Go to a page or host…';
    this.#dialog.showModal();
    this.#input.select();
    this.#find();
  };
  #pick;

  #global = e => {
    const typing = /^(input|textarea|select)$/i.test(e.target.tagName) || e.target.isContentEditable;
    if ((e.key === 'k' || e.key === 'K') && (e.ctrlKey || e.metaKey)) { e.preventDefault(); this.open(); }
    else if (e.key === '/' && !typing && !e.ctrlKey && !e.altKey && !e.metaKey) { e.preventDefault(); this.open(); }
  };

  async #find() {
    this.#request?.abort();
    this.#request = new AbortController();
    try {
      const url = new URL('ui/find', document.baseURI);
      url.searchParams.set('q', this.#input.value);
      if (this.#pick) url.searchParams.set('only', this.#pick);
      const tenant = this.#pick && new URLSearchParams(location.search).get('tenant');
      if (tenant) url.searchParams.set('tenant', tenant);
      const response = await fetch(url, { signal: this.#request.signal });
      if (!response.ok) throw new Error(String(response.status));
      this.#hits = await response.json();
      this.#at = 0;
      this.#render();
    } catch (e) {
      if (e.name === 'AbortError') return;
      this.#hits = [];
      this.#message('The console did not answer. Type again to retry.');
    }
  }

  #message(text) {
    this.#list.replaceChildren(Object.assign(document.createElement('li'), { className: 'none', textContent: text }));
  }

  #render() {
    if (!this.#hits.length) { this.#message('Nothing by that name.'); return; }
    this.#list.replaceChildren(...this.#hits.map((hit, i) => {
      const li = Object.assign(document.createElement('li'), { id: 'palette-hit-' + i });
      li.dataset.i = i;
      li.setAttribute('role', 'option');
      li.setAttribute('aria-selected', String(i === this.#at));
      li.append(Object.assign(document.createElement('span'), { className: 'what', textContent: hit.kind }),
        Object.assign(document.createElement('span'), { className: 'title', textContent: hit.title }),
        Object.assign(document.createElement('span'), { className: 'hint', textContent: hit.hint }));
      return li;
    }));
    this.#input.setAttribute('aria-activedescendant', 'palette-hit-' + this.#at);
  }

  #move(by) {
    if (!this.#hits.length) return;
    this.#at = (this.#at + by + this.#hits.length) % this.#hits.length;
    for (const [i, li] of [...this.#list.children].entries()) li.setAttribute('aria-selected', String(i === this.#at));
    this.#list.children[this.#at].scrollIntoView({ block: 'nearest' });
    this.#input.setAttribute('aria-activedescendant', 'palette-hit-' + this.#at);
  }

  #key(e) {
    if (e.key === 'ArrowDown') { e.preventDefault(); this.#move(1); }
    else if (e.key === 'ArrowUp') { e.preventDefault(); this.#move(-1); }
    else if (e.key === 'Enter') { e.preventDefault(); this.#go(this.#at); }
  }

  #go(i) {
    const hit = this.#hits[i];
    if (!hit) return;
    this.#dialog.close();
    const here = new URL(location.href);
    if (this.#pick === 'host') {
      here.searchParams.set('tenant', hit.tenant);
      here.searchParams.set('host', hit.host);
      go(here.pathname + here.search);
      return;
    }
    const url = new URL(hit.href, document.baseURI);
    for (const k of KEPT) {
      const v = here.searchParams.get(k);
      if (v && !url.searchParams.has(k)) url.searchParams.set(k, v);
    }
    go(url.pathname + url.search);
  }
}

/** Through Blazor's router where it runs, so that the circuit lives on. */
export function go(href) {
  if (window.Blazor?.navigateTo) window.Blazor.navigateTo(href);
  else location.assign(href);
}

customElements.define('nr-palette', Palette);
