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
