// <glovebox-preview><form>…</form></glovebox-preview>: whenever the form changes, sends it as its button Preview would and puts the
// parts marked `data-preview` of the answer in place of those of the page. Nothing else changes, so focus and what was typed stay.
// Without script the button does the same by loading the page.

const rest = 250;

class GloveboxPreview extends HTMLElement {
  connectedCallback() {
    this.addEventListener('change', () => this.renewSoon());
  }

  renewSoon() {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => void this.renew(), rest);
  }

  async renew() {
    const form = this.querySelector('form');
    if (!form) return;
    this.asked?.abort();
    const asked = new AbortController();
    this.asked = asked;
    // Fields of the form may be called `action`, so its property of that name can't be used.
    const body = new URLSearchParams(new FormData(form));
    body.set('do', 'preview');
    try {
      const response = await fetch(form.getAttribute('action'), { method: 'POST', body, signal: asked.signal });
      if (response.redirected || !response.headers.get('content-type')?.startsWith('text/html')) return;
      const next = new DOMParser().parseFromString(await response.text(), 'text/html');
      if (asked.signal.aborted) return;
      this.put(next);
    } catch {
      // The server is away, or another change came: the button still works.
    }
  }

  /** The page is loaded whole when the answer offers other actions than it does. */
  put(next) {
    const parts = [...this.querySelectorAll('[data-preview]')];
    const renewed = [...next.querySelectorAll('[data-preview]')];
    const isSame = parts.length === renewed.length && parts.every((part, i) => part.id === renewed[i].id);
    if (!isSame) {
      if (renewed.length > 0) this.querySelector('button[value="preview"]')?.click();
      return;
    }
    parts.forEach((part, i) => {
      if (!part.isEqualNode(renewed[i])) part.replaceChildren(...document.importNode(renewed[i], true).childNodes);
    });
  }
}

customElements.define('glovebox-preview', GloveboxPreview);
