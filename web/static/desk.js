// What a script adds at the desk: a list is gone through by j and k, and what
// is said of the one that is meant is a key. All of it are buttons and links.
'use strict';

(() => {
  const typing = (e) => e.ctrlKey || e.metaKey || e.altKey || e.target.closest?.('input:not([type=checkbox]), textarea, select, [contenteditable]');
  const off = () => {
    try { return localStorage.getItem('rostrum.keys.off'); } catch { return null; }
  };
  const items = [...document.querySelectorAll('[data-list] > li')];
  let here = -1;
  const go = (n) => {
    if (!items.length) return;
    items[here]?.classList.remove('here');
    here = Math.max(0, Math.min(items.length - 1, n));
    items[here].classList.add('here');
    items[here].focus({ preventScroll: true });
    items[here].scrollIntoView({ block: 'nearest' });
  };
  // After a decision the page comes back at the one that is next.
  const next = items.findIndex((li) => '#' + li.id === location.hash);
  if (next >= 0) go(next);
  for (const [n, li] of items.entries()) {
    li.addEventListener('focusin', () => {
      if (n === here) return;
      items[here]?.classList.remove('here');
      here = n;
      li.classList.add('here');
    });
  }

  document.querySelector('[data-copy]')?.select();

  // The field that is typed in has its spot in the page beside it.
  const frame = document.querySelector('iframe[name=picture]');
  let shown = frame?.getAttribute('src');
  document.addEventListener('focusin', (e) => {
    const where = e.target.closest('[data-where]')?.dataset.where;
    if (!frame || !where || where === shown) return;
    shown = where;
    frame.contentWindow.location.replace(where); // no entry in the history
  });
  const named = location.hash.startsWith('#f-') && document.getElementById(location.hash.slice(1));
  if (named) {
    named.focus({ preventScroll: true });
    named.scrollIntoView({ block: 'center' });
  }

  document.addEventListener('keydown', (e) => {
    if ((e.ctrlKey || e.metaKey) && e.key === 'Enter') {
      e.target.closest?.('form')?.requestSubmit();
      return;
    }
    if (typing(e) || e.key.length !== 1 || off()) return;
    if (e.key === 'j' || e.key === 'k') {
      go(e.key === 'j' ? here + 1 : here - 1);
      e.preventDefault();
      return;
    }
    // The item's own button first, then one of the whole page.
    const wanted = `[data-key="${CSS.escape(e.key)}"]`;
    const button = (items[here] || items[0])?.querySelector(wanted) || [...document.querySelectorAll(wanted)].find((b) => !b.closest('[data-list]'));
    if (!button) return;
    e.preventDefault();
    button.click();
  });
})();
