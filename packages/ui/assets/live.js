// <glovebox-live data-events="/…/events" data-active>: when the server says that something changed, fetches this page again
// and changes only the nodes that differ, so that focus, open disclosures and scroll position stay. Says politely what changed.
// The page is complete without it. It waits while text is being selected or the pointer is moving, so that nothing jumps.

const refetchEvery = 10_000;
const pointerRest = 600;

class GloveboxLive extends HTMLElement {
  connectedCallback() {
    this.lastMove = 0;
    this.onMove = () => {
      this.lastMove = performance.now();
    };
    addEventListener('pointermove', this.onMove, { passive: true });
    if (!this.hasAttribute('data-active')) return;
    this.source = new EventSource(this.dataset.events);
    this.source.addEventListener('change', () => this.refreshSoon());
    this.timer = setInterval(() => this.refreshSoon(), refetchEvery);
  }

  disconnectedCallback() {
    removeEventListener('pointermove', this.onMove);
    this.stop();
  }

  stop() {
    this.source?.close();
    clearInterval(this.timer);
    clearTimeout(this.waiting);
    this.waiting = undefined;
  }

  refreshSoon() {
    if (document.hidden || this.waiting !== undefined) return;
    this.waiting = setTimeout(() => {
      this.waiting = undefined;
      void this.refresh();
    }, 150);
  }

  async refresh() {
    if (this.isBusy) return;
    this.isBusy = true;
    try {
      const response = await fetch(location.href, { headers: { accept: 'text/html' } });
      if (!response.ok) return;
      const next = new DOMParser().parseFromString(await response.text(), 'text/html');
      await this.untilCalm();
      this.apply(next);
    } catch {
      // The server is away for a moment; the next event or interval tries again.
    } finally {
      this.isBusy = false;
    }
  }

  async untilCalm() {
    while (performance.now() - this.lastMove < pointerRest || !(getSelection()?.isCollapsed ?? true)) {
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  apply(next) {
    const before = announcements();
    const main = document.querySelector('main');
    const nextMain = next.querySelector('main');
    if (!main || !nextMain) return;
    morph(main, nextMain);
    document.title = next.title;
    const news = [...announcements()].filter(([id, text]) => before.get(id) !== text).map(([, text]) => text);
    if (news.length > 0) {
      const status = document.getElementById('announcement');
      if (status) status.textContent = news.length > 3 ? `${news.length} jobs changed.` : news.join(' ');
    }
    if (!next.querySelector('glovebox-live[data-active]')) this.stop();
  }
}

/** What each part with an id says of itself when it changes. */
function announcements() {
  return new Map([...document.querySelectorAll('[data-announce]')].map((e) => [e.id, e.dataset.announce]));
}

/** Makes `from` look like `to`, keeping every node that has not changed. */
function morph(from, to) {
  if (from.isEqualNode(to)) return;
  if (from.nodeName !== to.nodeName || (from.id ?? '') !== (to.id ?? '')) {
    from.replaceWith(document.importNode(to, true));
    return;
  }
  if (from.nodeType !== Node.ELEMENT_NODE) {
    from.nodeValue = to.nodeValue;
    return;
  }
  // Custom elements change their own inside; they are replaced whole when what they stand for changes.
  if (from.nodeName.includes('-')) {
    if (from.dataset.value !== to.dataset.value) from.replaceWith(document.importNode(to, true));
    return;
  }
  morphAttributes(from, to);
  const old = [...from.childNodes];
  const wanted = [...to.childNodes];
  wanted.forEach((child, i) => (old[i] ? morph(old[i], child) : from.append(document.importNode(child, true))));
  for (const extra of old.slice(wanted.length)) extra.remove();
}

function morphAttributes(from, to) {
  const isKept = (name) => name === 'open' && from.nodeName === 'DETAILS';
  for (const { name, value } of to.attributes) {
    if (!isKept(name) && from.getAttribute(name) !== value) from.setAttribute(name, value);
  }
  for (const name of from.getAttributeNames()) if (!isKept(name) && !to.hasAttribute(name)) from.removeAttribute(name);
}

customElements.define('glovebox-live', GloveboxLive);
