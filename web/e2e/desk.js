// The organizers' desk, suggestions and private links, against an archive of
// its own: a page on which three talks are wrong, to be put right as somebody
// does who sees the desk for the first time. Clicks and keys are counted.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { HtmlValidate } from 'html-validate';
import { launch } from './browser.js';

const password = 'a long password';
const edition = 'kiln-meeting/2030';
// A title with a typing error, a name with one, an end before its beginning.
const wrongPage = `<!doctype html><html lang="en"><head><title>Kiln Meeting 2030</title></head><body>
<h1>Kiln Meeting 2030</h1><p>1 September 2030, Gustavsberg</p><script>document.title = 'run'</script>
<ul><li>09:00–09:45 <b>Glase that does not run</b>, Ulf Berg (Clay Institute)<br>Why glazes run, and how to stop them. We fired four hundred tiles.</li>
<li>10:00–10:45 <b>Reading a kiln log</b>, Anna Lerjrod<br>What the log of a kiln says about the pots.</li>
<li>11:00–11:45 <b>Old bricks, new fires</b>, Vera Tegel and Ulf Berg</li>
<li>13:00–12:45 <b>Wood ash</b>, Anna Lerjord</li></ul></body></html>`;
const right = {
  'Glaze that does not run': ['09:00', '09:45', 'Ulf Berg'], 'Reading a kiln log': ['10:00', '10:45', 'Anna Lerjord'],
  'Old bricks, new fires': ['11:00', '11:45', 'Vera Tegel', 'Ulf Berg'], 'Wood ash': ['13:00', '13:45', 'Anna Lerjord'],
};
const later = wrongPage.replaceAll('2030', '2031').replace('Glase', 'Glaze').replace('Lerjrod', 'Lerjord').replace('12:45', '13:45');

let folder, url, server, browser, axe;
const rostrum = (args, input = '') => new Promise((resolve, reject) => {
  const child = execFile(process.env.ROSTRUM, ['--data', join(folder, 'data'), ...args], { env: { ...process.env, ROSTRUM_BY: 'anna' } }, (e, out, err) => (e ? reject(new Error(`${args}: ${err}`)) : resolve(out)));
  child.stdin.end(input);
});

// What it is about runs only where a program can be started on a fresh folder.
const skip = process.env.ROSTRUM ? false : 'ROSTRUM names no program';

before(async () => {
  if (skip) return;
  folder = await mkdtemp(join(tmpdir(), 'rostrum-desk-'));
  await writeFile(join(folder, 'programme.html'), wrongPage);
  await rostrum(['add', join(folder, 'programme.html')]);
  await rostrum(['passwd', 'anna', '--stdin'], `${password}\n`);
  server = spawn(process.env.ROSTRUM, ['--data', join(folder, 'data'), 'serve', '--addr', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'pipe'] });
  url = await new Promise((resolve, reject) => {
    let said = '';
    const hear = (chunk) => {
      said += chunk;
      const found = said.match(/http:\/\/127\.0\.0\.1:\d+/);
      if (found) resolve(found[0]);
    };
    server.stdout.on('data', hear);
    server.stderr.on('data', hear);
    server.on('exit', () => reject(new Error(said)));
  });
  browser = await launch();
  axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
}, { timeout: 180000 });

after(async () => {
  await browser?.close();
  if (server) {
    const ended = new Promise((resolve) => { server.on('exit', resolve); });
    server.kill('SIGINT');
    await ended;
  }
  if (folder) await rm(folder, { recursive: true, force: true });
});

async function signedIn(options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-GB', ...options });
  const page = await context.newPage();
  await page.goto(`${url}/desk/sign-in`);
  await page.fill('#name', 'anna');
  await page.fill('#password', password);
  await page.keyboard.press('Enter');
  await page.waitForURL('**/desk');
  return { context, page };
}

// counted does what a person does, and counts it.
function counted(page) {
  const sum = { clicks: 0, keys: 0, pages: 0 };
  page.on('framenavigated', (f) => { if (f === page.mainFrame()) sum.pages++; });
  return {
    sum,
    click: async (locator) => { sum.clicks++; await locator.click(); },
    type: async (text) => { sum.keys += text.length; await page.keyboard.type(text); },
    press: async (key) => { sum.keys += key.split('+').length; await page.keyboard.press(key); },
  };
}

// wrongs are the fields of each talk that are not what they should be.
async function wrongs(page) {
  const talks = await page.evaluate(async (address) => {
    const html = new DOMParser().parseFromString(await (await fetch(address)).text(), 'text/html');
    return [...html.querySelectorAll('.acts a[href^="/desk/edit/"]')].map((a) => a.getAttribute('href')).filter((h) => h.split('/').length === 6);
  }, `/desk/edit/${edition}`);
  const list = [];
  for (const path of new Set(talks)) {
    const fields = await page.evaluate(async (address) => {
      const html = new DOMParser().parseFromString(await (await fetch(address)).text(), 'text/html');
      const value = (name) => html.querySelector(`[name=f-${name}]`)?.value.trim() ?? '';
      return { title: value('title'), start: value('start'), end: value('end'), speakers: value('speakers').replace(/ \([^)]*\)/g, '') };
    }, path);
    // The talk that is meant is the one of the same hour.
    const [title, [start, end, ...people]] = Object.entries(right).find(([, v]) => v[0] === fields.start) ?? [];
    if (!title) continue;
    const want = { title, start, end, speakers: people.join('\n') };
    const wrong = Object.keys(want).filter((f) => fields[f] !== want[f]).map((f) => [f, want[f]]);
    if (wrong.length) list.push({ path, wrong });
  }
  return list;
}

test('a new organizer puts three wrong talks right', { skip, timeout: 120000 }, async (t) => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-GB' });
  const page = await context.newPage();
  const errors = [];
  page.on('pageerror', (e) => errors.push(e.message));
  page.on('console', (m) => { if (m.type() === 'error') errors.push(m.text()); });
  const me = counted(page);
  const began = Date.now();
  await page.goto(`${url}/${edition}`);
  await me.click(page.getByRole('link', { name: 'Organizers' }));
  await me.click(page.locator('#name'));
  await me.type('anna');
  await me.press('Tab');
  await me.type(password);
  await me.press('Enter');
  await page.waitForURL('**/desk');
  const toDo = await wrongs(page);
  assert.equal(toDo.length, 3, JSON.stringify(toDo));
  const signIn = { ...me.sum };
  // The desk names what is odd; what a reader cannot know is seen in the programme.
  await me.click(page.locator('.tasks a', { hasText: 'Wood ash' }).first());
  await page.waitForURL(/wood-ash/);
  for (const { path, wrong } of [...toDo].sort((a) => (a.path.includes('wood-ash') ? -1 : 1))) {
    if (!page.url().includes(path)) {
      await me.click(page.locator('.over a').first()); // the edition
      await page.waitForURL(`**/desk/edit/${edition}`);
      await me.click(page.locator(`.acts a[href="${path}"]`).first());
      await page.waitForURL(`**${path}`);
    }
    for (const [field, value] of wrong) {
      const box = page.locator(`[name=f-${field}]`);
      if (!await box.evaluate((b) => b === document.activeElement)) await me.click(box);
      await page.waitForTimeout(100);
      const frame = page.frameLocator('iframe[name=picture]');
      if (await box.evaluate((b) => !!b.closest('[data-where]'))) {
        await frame.locator('#mark').first().waitFor();
        const seen = await frame.locator('#mark').first().evaluate((m) => { const r = m.getBoundingClientRect(); return r.top >= 0 && r.bottom <= innerHeight; });
        assert.ok(seen, `the spot of ${field} is in sight`);
      }
      await me.press('Control+a');
      await me.type(value);
    }
    await me.press('Control+Enter');
    await page.waitForURL(/done=/);
  }
  assert.deepEqual(await wrongs(page), []);
  assert.deepEqual(errors, []);
  const { clicks, keys, pages } = me.sum;
  // Card, Moran and Newell's model: 0.28 s a key, 1.3 s to point and click, 1.35 s to think before each step.
  const seconds = keys * 0.28 + clicks * 1.3 + (clicks + 3) * 1.35;
  t.diagnostic(`three talks put right: ${clicks} clicks, ${keys} keys (of them ${signIn.clicks} and ${signIn.keys} to sign in), ${pages} pages; ` +
    `${(seconds / 60).toFixed(1)} minutes by the keystroke-level model, ${((Date.now() - began) / 1000).toFixed(1)} s by machine`);
  assert.ok(clicks <= 15, `${clicks} clicks`);
  const html = await (await fetch(`${url}/${edition}`)).text();
  for (const title of Object.keys(right)) assert.ok(html.includes(title), title);
  await context.close();
});

test('suggestions by keys: accept, reject, take back', { skip }, async (t) => {
  const visitor = await browser.newPage();
  for (const [field, value] of [['room', 'Attic'], ['room', 'Cellar'], ['track', 'Fire']]) {
    await visitor.goto(`${url}/suggest?thing=${edition}/wood-ash`);
    await visitor.locator('summary').click();
    await visitor.fill(`#f-${field}`, value);
    await visitor.fill('#comment', 'It said so on the door.');
    await visitor.getByRole('button', { name: 'Send the suggestion' }).click();
    await visitor.waitForURL(/thanks/);
  }
  await visitor.close();
  const { context, page } = await signedIn();
  const me = counted(page);
  await page.goto(`${url}/desk/suggestions`);
  await me.press('j');
  await me.press('a');
  await page.waitForURL(/settled=1/);
  assert.match(await page.locator('.queue > li.here').innerText(), /Cellar/, 'the next one is at hand');
  assert.match(await page.locator('.queue > li.here').innerText(), /changed since/);
  await me.press('r');
  await page.waitForURL(/settled=2/);
  await page.waitForLoadState('load');
  await me.press('u');
  await page.waitForFunction(() => document.querySelectorAll('.queue > li').length === 2);
  await page.waitForLoadState('load'); // keys are heard from then on
  await me.press('j');
  await me.press('r');
  await page.waitForFunction(() => document.querySelectorAll('.queue > li').length === 1);
  t.diagnostic(`two rejected, one accepted, one taken back: ${me.sum.clicks} clicks, ${me.sum.keys} keys`);
  assert.match(await page.locator('.queue > li').innerText(), /Fire/, 'the third waits still');
  await context.close();
});

test('without script: the queue, the form beside the page, a source', { skip, timeout: 60000 }, async () => {
  const { context, page } = await signedIn({ javaScriptEnabled: false });
  await page.goto(`${url}/desk/suggestions`);
  await page.getByRole('button', { name: /^Reject/ }).first().click();
  await page.waitForURL(/settled=/);
  await page.goto(`${url}/desk/edit/${edition}/wood-ash`);
  await page.locator('[name=f-start]').locator('xpath=../span/a').click();
  await page.frameLocator('iframe').locator('#mark').waitFor();
  assert.match(await page.frameLocator('iframe').locator('#mark').innerText(), /13:00/);
  await writeFile(join(folder, '2031.html'), later);
  await page.goto(`${url}/desk/sources`);
  await page.setInputFiles('#file', join(folder, '2031.html'));
  await page.getByRole('button', { name: 'Preview' }).click();
  await page.getByRole('button', { name: 'Take it in' }).click({ timeout: 20000 }); // the page looks again by itself
  await page.getByRole('link', { name: 'Kiln Meeting 2031' }).waitFor({ timeout: 20000 });
  await page.getByRole('button', { name: 'Another source' }).click();
  await context.close();
});

// deskPages has an address for each kind of page, signed in.
async function deskPages(page) {
  await page.goto(`${url}/desk/sources`);
  return {
    desk: '/desk', findings: '/desk/findings', ofEdition: `/desk/findings?edition=${edition}`, suggestions: '/desk/suggestions', people: '/desk/people',
    history: '/desk/history', done: '/desk/history?done=1.2', sources: '/desk/sources', talk: `/desk/edit/${edition}/wood-ash`, edition: `/desk/edit/${edition}`,
    person: '/desk/edit/ulf-berg', missing: '/desk/edit/no/such/talk', suggestTalk: `/suggest?thing=${edition}/wood-ash`, suggestPerson: '/suggest?thing=ulf-berg',
    suggestEdition: `/suggest?thing=${edition}`, thanks: `/suggest/thanks?thing=${edition}`, mine: '/mine', mineTalk: `/mine/edit/${edition}/glase-that-does-not-run`,
    minePerson: '/mine/edit/ulf-berg', noLink: '/link/none', publicTalk: `/${edition}/wood-ash`,
  };
}

async function bothIn(options) {
  const link = JSON.parse(await rostrum(['--json', 'person', 'link', 'ulf-berg', '--base-url', url])).address;
  const both = await signedIn(options);
  await both.page.goto(link);
  await both.page.waitForURL('**/mine');
  return both;
}

for (const locale of ['en-GB', 'sv-SE']) {
  for (const colorScheme of ['light', 'dark']) {
    for (const width of [360, 1280]) {
      if (locale === 'sv-SE' && (colorScheme === 'dark' || width === 1280)) continue; // longer words matter where it is narrow
      test(`the desk, ${locale}, ${colorScheme}, ${width} px: axe-core finds nothing, nothing scrolls sideways`, { skip, timeout: 120000 }, async (t) => {
        const found = [];
        const { context, page } = await bothIn({ viewport: { width, height: 900 }, colorScheme, bypassCSP: true, locale });
        const all = await deskPages(page);
        for (const [name, path] of Object.entries(all)) {
          await page.goto(url + path, { waitUntil: 'load' });
          await page.evaluate(() => document.querySelectorAll('details').forEach((d) => { d.open = true; }));
          const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
          if (over > 0) found.push(`${name}: scrolls by ${over} px`);
          await page.evaluate(axe);
          const { violations } = await page.evaluate(() => window.axe.run({ exclude: ['iframe'] }, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
          for (const v of violations) found.push(`${name}: ${v.id}: ${v.nodes.map((n) => n.target.join(' ')).slice(0, 3).join(', ')}: ${v.nodes[0].failureSummary}`);
        }
        t.diagnostic(`${Object.keys(all).length} kinds of pages`);
        assert.deepEqual(found, []);
        await context.close();
      });
    }
  }
}

test('every page of the desk is valid HTML', { skip, timeout: 60000 }, async () => {
  const rules = new HtmlValidate({
    extends: ['html-validate:standard', 'html-validate:a11y'],
    rules: { 'long-title': 'off', 'no-trailing-whitespace': 'off', 'void-style': 'off' },
  });
  const { context, page } = await bothIn();
  const wrong = [];
  const all = { ...await deskPages(page), snapshot: `/desk/snapshot/${edition}/wood-ash?field=title` };
  const door = await rules.validateString(await (await fetch(`${url}/desk/sign-in`)).text());
  for (const r of door.results) for (const m of r.messages) wrong.push(`sign-in:${m.line}: ${m.ruleId}: ${m.message}`);
  for (const [name, path] of Object.entries(all)) {
    const answer = await context.request.get(url + path);
    const report = await rules.validateString(await answer.text());
    for (const r of report.results) for (const m of r.messages) wrong.push(`${name}:${m.line}: ${m.ruleId}: ${m.message}`);
  }
  assert.deepEqual(wrong, []);
  await context.close();
});

test('a kept page runs nothing in its frame', { skip }, async () => {
  const { context, page } = await signedIn();
  const asked = [];
  page.on('request', (r) => asked.push(new URL(r.url()).origin));
  await page.goto(`${url}/desk/edit/${edition}/wood-ash`, { waitUntil: 'networkidle' });
  const frame = page.frames().find((f) => f.url().includes('/desk/snapshot/'));
  assert.equal(await frame.title(), 'The page as it was kept');
  assert.deepEqual([...new Set(asked)], [url]);
  await context.close();
});
