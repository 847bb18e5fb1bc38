// What visitors do, by mouse, by keyboard and without script.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { shared } from './browser.js';

let site, browser, at;
before(async () => {
  ({ site, browser, at } = await shared());
}, { timeout: 180000 });

// open gives a page on which any error of a script or of the policy fails the test.
async function open(t, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-GB', ...options });
  const page = await context.newPage();
  const errors = [];
  page.on('pageerror', (e) => errors.push(e.message));
  page.on('console', (m) => { if (m.type() === 'error') errors.push(m.text()); });
  t.after(async () => {
    await context.close();
    assert.deepEqual(errors, []);
  });
  return page;
}

test('search, open the talk, open the slide that matched', async (t) => {
  const page = await open(t);
  await page.goto(site.url);
  await page.getByRole('searchbox').or(page.getByRole('combobox')).first().fill('docker container');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/search\?q=docker/);
  const hit = page.locator('.hits > li').first();
  assert.match(await hit.locator('h2').innerText(), /Asking precisely/);
  assert.ok(await hit.locator('mark').count() > 0, 'the hit shows marked words');
  const thumb = hit.locator('.hit-slides a').first();
  assert.ok(await thumb.locator('svg.boxes rect').count() > 0, 'the small slide is marked');
  await thumb.click();
  await page.waitForURL(/\/slides\/3\?q=docker/);
  const picture = page.locator('.slide img');
  await picture.evaluate((img) => img.decode());
  assert.ok(await picture.evaluate((img) => img.naturalWidth) >= 1000, 'the slide is a picture to read');
  assert.match(await page.locator('#slide-text').innerText(), /docker\|container/);
  // The marks lie within the picture, on its upper half where the words stand.
  const inside = await page.evaluate(() => {
    const whole = document.querySelector('.slide img').getBoundingClientRect();
    return [...document.querySelectorAll('.slide rect')].map((r) => r.getBoundingClientRect())
      .every((r) => r.width > 10 && r.left >= whole.left - 1 && r.right <= whole.right + 1 && r.top >= whole.top - 1 && r.bottom <= whole.top + whole.height / 2);
  });
  assert.ok(inside, 'marks lie over the words');
  await page.locator('h1 a').click();
  await page.waitForURL((u) => u.pathname === at.talk);
  assert.equal(await page.locator('h1').innerText(), 'Asking precisely');
  await page.locator('.strip a').nth(1).click();
  await page.waitForURL(/\/slides\/2$/);
});

test('by keyboard alone: search, facet, talk, slide 3, back, cite', async (t) => {
  const page = await open(t);
  await page.goto(site.url + at.about);
  await page.keyboard.press('/');
  await page.keyboard.type('slides that');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/search\?q=slides/);
  // The first facet's first value, reached by Tab alone.
  await tabTo(page, (e) => !!e.closest('.facets li'));
  await page.keyboard.press('Enter');
  await page.waitForURL(/%3A/);
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('k');
  assert.ok(await page.evaluate(() => document.activeElement === document.querySelector('.hits > li h2 a')), 'j and k move through the hits');
  await page.keyboard.press('Enter');
  await page.waitForURL((u) => !u.pathname.startsWith('/search'));
  await tabTo(page, (e) => e.matches('.deeds a.first'));
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/slides\/1/);
  await page.keyboard.press('ArrowRight');
  await page.waitForURL(/\/slides\/2/);
  await page.keyboard.press('ArrowRight');
  await page.waitForURL(/\/slides\/3/);
  await page.keyboard.press('ArrowLeft');
  await page.waitForURL(/\/slides\/2/);
  await tabTo(page, (e) => e.matches('h1 a'));
  await page.keyboard.press('Enter');
  await page.waitForSelector('#cite');
  await tabTo(page, (e) => e.matches('#cite summary'));
  await page.keyboard.press('Enter');
  assert.match(await page.locator('#cite pre').innerText(), /^@misc\{/);
});

// tabTo presses Tab until the focus is on what is wanted, and sees to it that
// the focus can be seen on the way.
async function tabTo(page, wanted) {
  for (let i = 0; i < 120; i++) {
    await page.keyboard.press('Tab');
    const [found, seen] = await page.evaluate((source) => {
      const e = document.activeElement;
      const style = getComputedStyle(e);
      // eslint-disable-next-line no-new-func
      return [e !== document.body && (0, eval)(source)(e), style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2];
    }, `(${wanted})`).catch(() => [false, true]);
    if (found) {
      assert.ok(seen, 'the focus is seen');
      return;
    }
  }
  assert.fail('the focus never came there');
}

test('suggestions: offered while typing, chosen by arrows, told to screen readers', async (t) => {
  const page = await open(t);
  await page.goto(site.url);
  const box = page.locator('#question');
  await box.pressSequentially('joe arms', { delay: 20 });
  const option = page.getByRole('option').first();
  await option.waitFor();
  assert.equal(await box.getAttribute('aria-expanded'), 'true');
  await page.keyboard.press('ArrowDown');
  assert.equal(await box.getAttribute('aria-activedescendant'), await option.getAttribute('id'));
  assert.match(await page.getByRole('status').first().textContent(), /\d+ suggestions/);
  await page.keyboard.press('Escape');
  assert.equal(await box.getAttribute('aria-expanded'), 'false');
  await box.press('Backspace');
  await page.getByRole('option', { name: /Joe Armstrong/ }).first().click();
  await page.waitForURL(/joe-armstrong|search/);
});

test('keys of one letter can be turned off', async (t) => {
  const page = await open(t);
  await page.goto(site.url + at.help);
  await page.locator('#keys button').click();
  await page.goto(site.url + at.results);
  await page.keyboard.press('j');
  assert.equal(await page.locator('.hits .here').count(), 0);
  await page.goto(site.url + at.help);
  await page.locator('#keys button').click();
  await page.goto(site.url + at.results);
  await page.keyboard.press('j');
  assert.equal(await page.locator('.hits .here').count(), 1);
});

test('whole without script', async (t) => {
  const page = await open(t, { javaScriptEnabled: false });
  await page.goto(site.url);
  await page.locator('#question').fill('docker container');
  await page.locator('form.large button').click();
  await page.locator('.facets li a').first().click();
  await page.waitForURL(/%3A/);
  await page.locator('.hits h2 a').first().click();
  await page.locator('.deeds a.first').click();
  await page.locator('.turn a[rel=next]').click();
  await page.waitForURL(/\/slides\/2/);
  assert.ok((await page.locator('#slide-text').innerText()).length > 10);
  await page.goto(site.url + at.talk);
  await page.locator('#cite summary').click();
  assert.ok(await page.locator('#cite pre').isVisible());
});

test('the interface in Swedish, chosen and remembered', async (t) => {
  const page = await open(t);
  await page.goto(site.url + at.talk);
  await page.getByRole('link', { name: 'Svenska' }).click();
  assert.equal(await page.locator('html').getAttribute('lang'), 'sv');
  await page.goto(site.url);
  assert.match(await page.locator('h1').innerText(), /föredrag/);
  const other = await open(t, { locale: 'sv-SE' });
  await other.goto(site.url + at.people);
  assert.equal(await other.locator('h1').innerText(), 'Personer');
});

test('the kept PDF is had at the slide, from this site', async (t) => {
  const page = await open(t);
  await page.goto(site.url + at.slide);
  const href = await page.locator('aside .deeds a').getAttribute('href');
  assert.match(href, /slides\.pdf#page=3$/);
  const answer = await page.request.get(new URL(href, site.url).href);
  assert.equal(answer.headers()['content-type'], 'application/pdf');
  assert.equal((await answer.body()).subarray(0, 5).toString(), '%PDF-');
});
