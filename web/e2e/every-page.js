// What holds for every kind of page: no sideways scrolling, no violation that
// axe-core can find in either scheme, valid HTML, few bytes.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { before, test } from 'node:test';
import { HtmlValidate } from 'html-validate';
import { shared } from './browser.js';

let site, browser, at, axe;
before(async () => {
  ({ site, browser, at } = await shared());
  axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
}, { timeout: 180000 });

async function each(options, check) {
  const context = await browser.newContext({ locale: 'en-GB', ...options });
  const page = await context.newPage();
  try {
    for (const [name, path] of Object.entries(at)) {
      await page.goto(site.url + path, { waitUntil: 'load' });
      await page.evaluate(() => document.querySelectorAll('details').forEach((d) => { d.open = true; })); // what is folded away is looked at, too
      await check(page, name);
    }
  } finally {
    await context.close();
  }
}

for (const width of [320, 360, 768, 1280]) {
  test(`nothing scrolls sideways at ${width} px`, async () => {
    const wide = [];
    await each({ viewport: { width, height: 800 } }, async (page, name) => {
      const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      if (over > 0) wide.push(`${name}: ${over} px`);
    });
    assert.deepEqual(wide, []);
  });
}

for (const colorScheme of ['light', 'dark']) {
  for (const width of [360, 1280]) {
    test(`axe-core finds nothing: ${colorScheme}, ${width} px`, async () => {
      const found = [];
      await each({ viewport: { width, height: 900 }, colorScheme, bypassCSP: true }, async (page, name) => {
        await page.evaluate(axe);
        const { violations } = await page.evaluate(() => window.axe.run(document, {
          runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
        }));
        for (const v of violations) found.push(`${name}: ${v.id}: ${v.nodes.map((n) => n.target.join(' ')).slice(0, 3).join(', ')}: ${v.nodes[0].failureSummary}`);
      });
      assert.deepEqual(found, []);
    });
  }
}

test('every page is valid HTML', async () => {
  const rules = new HtmlValidate({
    extends: ['html-validate:standard', 'html-validate:a11y'],
    rules: {
      'long-title': 'off', // a talk's title is as long as it is
      'no-trailing-whitespace': 'off',
      'void-style': 'off',
    },
  });
  const wrong = [];
  for (const [name, path] of Object.entries(at)) {
    const report = await rules.validateString(await (await fetch(site.url + path)).text());
    for (const r of report.results) for (const m of r.messages) wrong.push(`${name}:${m.line}: ${m.ruleId}: ${m.message}`);
  }
  assert.deepEqual(wrong, []);
});

test('a first view is small', async (t) => {
  for (const name of ['home', 'results', 'talk']) {
    const context = await browser.newContext();
    const page = await context.newPage();
    const client = await context.newCDPSession(page);
    await client.send('Network.enable');
    let bytes = 0, requests = 0;
    const pictures = new Set();
    client.on('Network.responseReceived', (e) => { if (e.type === 'Image' && e.response.url.includes('/slides')) pictures.add(e.requestId); else requests++; });
    client.on('Network.loadingFinished', (e) => { if (!pictures.has(e.requestId)) bytes += e.encodedDataLength; });
    await page.goto(site.url + at[name], { waitUntil: 'networkidle' });
    t.diagnostic(`${name}: ${bytes} bytes over the wire in ${requests} requests, ${pictures.size} slides`);
    assert.ok(bytes < 60 * 1024, `${name} needs ${bytes} bytes`);
    const shift = await page.evaluate(() => new Promise((resolve) => {
      let sum = 0;
      new PerformanceObserver((list) => { for (const e of list.getEntries()) sum += e.value; }).observe({ type: 'layout-shift', buffered: true });
      setTimeout(() => resolve(sum), 200);
    }));
    assert.ok(shift < 0.01, `${name} shifts by ${shift}`);
    await context.close();
  }
});

test('style and script keep their size', async (t) => {
  const html = await (await fetch(site.url)).text();
  for (const [kind, limit] of [['css', 30 * 1024], ['js', 15 * 1024]]) {
    const path = html.match(new RegExp(`/static/site\\.[0-9a-f]+\\.${kind}`))[0];
    const answer = await fetch(site.url + path);
    const size = (await answer.arrayBuffer()).byteLength;
    t.diagnostic(`site.${kind}: ${size} bytes unpacked`);
    assert.ok(size <= limit, `${kind}: ${size}`);
    assert.match(answer.headers.get('cache-control'), /immutable/);
  }
});
