// <glovebox-copy data-value="text"><code>text</code></glovebox-copy>: adds a button that copies the text.

class GloveboxCopy extends HTMLElement {
  connectedCallback() {
    if (!navigator.clipboard || this.querySelector('button')) return;
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = 'Copy';
    button.setAttribute('aria-label', `Copy ${this.dataset.label ?? 'this'}`);
    button.addEventListener('click', () => void this.copy(button));
    this.append(button);
  }

  async copy(button) {
    try {
      await navigator.clipboard.writeText(this.dataset.value ?? '');
      button.textContent = 'Copied';
    } catch {
      button.textContent = 'Not copied';
    }
    setTimeout(() => (button.textContent = 'Copy'), 2000);
  }
}

customElements.define('glovebox-copy', GloveboxCopy);
