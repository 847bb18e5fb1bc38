// What a script adds: suggestions while typing, keys to move by, and slides
// that turn with the arrows. Every page works without it.
'use strict';

(() => {
  const typing = (e) => e.defaultPrevented || e.ctrlKey || e.metaKey || e.altKey || e.target.closest?.('input, textarea, select, [contenteditable]');

  // Suggestions: a combobox as the ARIA practices describe it.
  for (const form of document.querySelectorAll('form[data-suggest]')) suggest(form);

  function suggest(form) {
    const input = form.querySelector('input[type=search]');
    const list = document.createElement('ul');
    const said = document.createElement('div');
    list.className = 'suggest';
    list.id = input.id + '-list';
    list.hidden = true;
    list.setAttribute('role', 'listbox');
    list.setAttribute('aria-label', input.labels[0]?.textContent || '');
    said.className = 'away';
    said.setAttribute('role', 'status');
    form.append(list, said);
    const set = (name, value) => input.setAttribute('aria-' + name, value);
    input.setAttribute('role', 'combobox');
    set('autocomplete', 'list');
    set('controls', list.id);
    set('expanded', 'false');

    let timer, asking, chosen = -1, last = '';

    const close = () => {
      list.hidden = true;
      chosen = -1;
      set('expanded', 'false');
      input.removeAttribute('aria-activedescendant');
    };
    const choose = (n) => {
      const all = list.children;
      if (!all.length) return;
      chosen = (n + all.length + 1) % (all.length + 1);
      if (n < 0) chosen = all.length - 1;
      if (chosen === all.length) chosen = -1;
      [...all].forEach((li, i) => li.setAttribute('aria-selected', i === chosen));
      if (chosen < 0) return input.removeAttribute('aria-activedescendant');
      set('activedescendant', all[chosen].id);
      all[chosen].scrollIntoView({ block: 'nearest' });
    };
    const go = (li) => { location.href = li.dataset.url; };
    const show = (found) => {
      list.replaceChildren(...found.map((one, i) => {
        const li = document.createElement('li');
        const kind = document.createElement('small');
        li.id = list.id + i;
        li.setAttribute('role', 'option');
        li.setAttribute('aria-selected', 'false');
        li.dataset.url = one.url;
        li.append(one.text, kind);
        kind.textContent = one.more ? one.more + ' · ' + one.kind : one.kind;
        li.addEventListener('pointerdown', (e) => { e.preventDefault(); });
        li.addEventListener('click', () => go(li));
        return li;
      }));
      chosen = -1;
      list.hidden = !found.length;
      set('expanded', String(!!found.length));
      said.textContent = found.length ? form.dataset.said.replace('{n}', found.length) : '';
    };
    const ask = async () => {
      const q = input.value.trim();
      if (q === last) return;
      last = q;
      asking?.abort();
      if (q.length < 2) return show([]);
      asking = new AbortController();
      try {
        const answer = await fetch(form.dataset.suggest + '?q=' + encodeURIComponent(q), { signal: asking.signal });
        if (answer.ok && document.activeElement === input) show((await answer.json()).suggestions || []);
      } catch { /* gone stale or offline: the form still works */ }
    };
    input.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(ask, 70); });
    input.addEventListener('blur', close);
    input.addEventListener('keydown', (e) => {
      if (e.key === 'Escape' && !list.hidden) { close(); e.preventDefault(); }
      if (list.hidden && e.key === 'ArrowDown' && list.children.length) { list.hidden = false; set('expanded', 'true'); }
      if (list.hidden) return;
      if (e.key === 'ArrowDown') { choose(chosen + 1); e.preventDefault(); }
      if (e.key === 'ArrowUp') { choose(chosen < 0 ? list.children.length - 1 : chosen - 1); e.preventDefault(); }
      if (e.key === 'Enter' && chosen >= 0) { go(list.children[chosen]); e.preventDefault(); }
    });
  }

  // Keys.
  const hits = [...document.querySelectorAll('.hits > li')];
  let here = -1;
  const step = (by) => {
    if (!hits.length) return;
    hits[here]?.classList.remove('here');
    here = Math.max(0, Math.min(hits.length - 1, here + by));
    hits[here].classList.add('here');
    hits[here].querySelector('h2 a').focus();
    hits[here].scrollIntoView({ block: 'nearest' });
  };
  const slides = document.querySelector('.slide-page');
  const turn = (to) => { if (to) location.href = to; };

  // Keys of one letter can be turned off, for those who speak to their browser.
  const off = 'rostrum.keys.off';
  const stored = (change) => {
    try { return change(localStorage); } catch { return null; } // storage may be refused
  };
  const keys = document.getElementById('keys');
  if (keys) {
    const button = keys.querySelector('button');
    const say = () => { button.textContent = stored((s) => s.getItem(off)) ? keys.dataset.on : keys.dataset.off; };
    button.addEventListener('click', () => {
      stored((s) => (s.getItem(off) ? s.removeItem(off) : s.setItem(off, '1')));
      say();
    });
    say();
    keys.hidden = false;
  }

  document.addEventListener('keydown', (e) => {
    if (typing(e) || (e.key.length === 1 && stored((s) => s.getItem(off)))) return;
    switch (e.key) {
      case '/': {
        const input = document.querySelector('form[data-suggest] input');
        if (!input) return;
        input.focus();
        input.select();
        break;
      }
      case 'j': step(1); break;
      case 'k': step(-1); break;
      case 'ArrowLeft': case 'ArrowRight':
        // A strip that has the focus scrolls by these keys.
        if (!slides || e.shiftKey || e.target.closest('.strip, pre')) return;
        turn(e.key === 'ArrowLeft' ? slides.dataset.previous : slides.dataset.next);
        return;
      default: return;
    }
    e.preventDefault();
  });

  // The next slide's picture is fetched while this one is read.
  if (slides?.dataset.next) {
    const hint = document.createElement('link');
    hint.rel = 'prefetch';
    hint.href = slides.dataset.next;
    document.head.append(hint);
  }
})();
