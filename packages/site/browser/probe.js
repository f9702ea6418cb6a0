// Runs inside a page under test and says what a reader with a screen reader or a keyboard would stumble over.
(() => {
  const nameOf = (e) => e.getAttribute('aria-label') ?? e.textContent?.trim() ?? '';
  const ids = [...document.querySelectorAll('[id]')].map((e) => e.id);
  return {
    nameless: [...document.querySelectorAll('a, button, summary, [role=region], [role=img]')]
      .filter((e) => nameOf(e) === '')
      .map((e) => e.outerHTML),
    unspoken: [...document.querySelectorAll('svg')].filter(
      (e) => !e.closest('[aria-hidden=true]') && !e.getAttribute('aria-label'),
    ).length,
    repeatedIds: ids.filter((id, i) => ids.indexOf(id) !== i),
    headless: [...document.querySelectorAll('th')].filter((e) => !e.getAttribute('scope')).length,
    landmarks: ['main', 'header', 'footer', 'nav'].filter((tag) => !document.querySelector(tag)),
    levels: [...document.querySelectorAll('h1, h2, h3')].map((e) => Number(e.tagName[1])),
    title: document.title,
  };
})();
