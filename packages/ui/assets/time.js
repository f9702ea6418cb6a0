// <glovebox-time data-value="ISO"><time datetime="ISO">…</time></glovebox-time>: on hover or focus, says how long ago that
// was and what it is in the reader's own time zone. The text itself stays UTC, as the server wrote it.

const steps = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
];
const relative = new Intl.RelativeTimeFormat('en-GB', { numeric: 'auto' });
const local = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'long' });

class GloveboxTime extends HTMLElement {
  connectedCallback() {
    this.addEventListener('pointerenter', () => this.explain());
    this.addEventListener('focusin', () => this.explain());
  }

  explain() {
    const time = this.querySelector('time');
    const moment = new Date(this.dataset.value ?? '');
    if (!time || Number.isNaN(moment.getTime())) return;
    const seconds = (moment.getTime() - Date.now()) / 1000;
    const [unit, size] = steps.find(([, size]) => Math.abs(seconds) >= size) ?? ['second', 1];
    time.title = `${relative.format(Math.round(seconds / size), unit)}; ${local.format(moment)}`;
  }
}

customElements.define('glovebox-time', GloveboxTime);
