// What machines are told, read again by parsers that are not ours.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { before, test } from 'node:test';
import { Cite } from '@citation-js/core';
import '@citation-js/plugin-bibtex';
import '@citation-js/plugin-ris';
import '@citation-js/plugin-csl';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import ICAL from 'ical.js';
import jsonld from 'jsonld';
import { shared } from './browser.js';

let site, browser, at;
before(async () => {
  ({ site, browser, at } = await shared());
}, { timeout: 180000 });

const text = async (path) => {
  const answer = await fetch(site.url + path);
  assert.equal(answer.status, 200, path);
  return answer.text();
};
const xml = async (path) => {
  const source = await text(path);
  assert.equal(XMLValidator.validate(source), true, path);
  return new XMLParser({ ignoreAttributes: false, isArray: (name) => ['entry', 'link', 'url', 'sitemap', 'Url'].includes(name) }).parse(source);
};

for (const format of ['bib', 'ris', 'json']) {
  test(`citation-js reads cite.${format}`, async () => {
    const [item] = new Cite(await text(`${at.plainTalk}/cite.${format}`)).get({ format: 'real', type: 'json' });
    assert.match(item.title, /^Let it crash$/i);
    assert.deepEqual(item.author.map((a) => [a.given, a.family]), [['Joe', 'Armstrong']]);
    assert.equal(item.issued['date-parts'][0].slice(0, 2).join('-'), '2017-12');
    assert.equal(item.URL, site.url + at.plainTalk);
  });
}

test('fast-xml-parser reads the feeds', async () => {
  for (const path of ['/feed.atom', '/search.atom?q=crash', `${at.person}/feed.atom`, `${at.series}/feed.atom`]) {
    const { feed } = await xml(path);
    assert.equal(feed['@_xmlns'], 'http://www.w3.org/2005/Atom', path);
    assert.equal(feed.link.find((l) => l['@_rel'] === 'self')['@_href'], site.url + path);
    assert.ok(feed.entry.length > 0, path);
    for (const e of feed.entry) {
      assert.ok(e.id && e.title && !Number.isNaN(Date.parse(e.updated)), `${path}: ${JSON.stringify(e)}`);
      assert.equal((await fetch(e.link[0]['@_href'], { method: 'HEAD' })).status, 200);
    }
  }
});

test('fast-xml-parser reads the sitemap, and all of it is there', async (t) => {
  const { sitemapindex } = await xml('/sitemap.xml');
  const all = [];
  for (const part of sitemapindex.sitemap) {
    const { urlset } = await xml(part.loc.replaceAll('&amp;', '&').slice(site.url.length));
    all.push(...urlset.url.map((u) => u.loc));
  }
  t.diagnostic(`${all.length} addresses`);
  assert.equal(new Set(all).size, all.length);
  for (const address of all) assert.equal((await fetch(address, { method: 'HEAD' })).status, 200, address);
});

test('the OpenSearch description leads to the search', async () => {
  const { OpenSearchDescription: d } = await xml('/opensearch.xml');
  const html = d.Url.find((u) => u['@_type'] === 'text/html')['@_template'];
  assert.equal((await fetch(html.replace('{searchTerms}', 'crash'))).status, 200);
  const more = d.Url.find((u) => u['@_rel'] === 'suggestions')['@_template'];
  const [asked, found] = await (await fetch(more.replace('{searchTerms}', 'joe arm'))).json();
  assert.equal(asked, 'joe arm');
  assert.ok(found.length > 0);
});

test('ical.js reads the calendar of an edition', async () => {
  const source = await text(`${at.edition}/programme.ics`);
  for (const line of source.split('\r\n')) assert.ok(Buffer.byteLength(line) <= 75, line);
  const events = new ICAL.Component(ICAL.parse(source)).getAllSubcomponents('vevent').map((e) => new ICAL.Event(e));
  const crash = events.find((e) => e.summary.startsWith('Let it crash'));
  assert.ok(crash, source);
  assert.equal(crash.startDate.toString().slice(0, 10), '2017-12-06');
  assert.ok(crash.duration.toSeconds() > 0);
  assert.equal(new Set(events.map((e) => e.uid)).size, events.length);
});

// vocabulary reads schema.org's types and their properties out of schema-dts.
async function vocabulary() {
  const source = await readFile(createRequire(import.meta.url).resolve('schema-dts/dist/schema.d.ts'), 'utf8');
  const all = new Map();
  for (const [, name, parents, body] of source.matchAll(/^(?:export )?interface (\w+)(?: extends ([\w, <>]+))? \{\n(.*?)^\}/gms)) {
    all.set(name, { parents: (parents || '').split(', ').filter(Boolean), properties: [...body.matchAll(/^ {4}"?([\w-]+)"?\?:/gm)].map((m) => m[1]) });
  }
  const has = (name, property) => {
    const one = all.get(name);
    return !!one && (one.properties.includes(property) || one.parents.some((p) => has(p, property)));
  };
  return { known: (type) => all.has(`${type}Leaf`), has: (type, property) => has(`${type}Leaf`, property) };
}

test('jsonld reads the JSON-LD, schema-dts knows its words, and it says what the page says', async (t) => {
  const words = await vocabulary();
  assert.ok(words.has('Event', 'name') && words.has('EventSeries', 'superEvent') && !words.has('Event', 'numberOfPages'), 'the vocabulary was read');
  const schema = { '@context': { '@vocab': 'https://schema.org/', url: { '@type': '@id' }, sameAs: { '@type': '@id' }, contentUrl: { '@type': '@id' } } };
  const documentLoader = async (url) => {
    assert.equal(url, 'https://schema.org');
    return { contextUrl: null, documentUrl: url, document: schema };
  };
  const wrong = [], things = {};
  const look = (name, value) => {
    if (Array.isArray(value)) return value.forEach((v) => look(name, v));
    if (typeof value !== 'object') return undefined;
    const type = value['@type'];
    if (!words.known(type)) wrong.push(`${name}: no type ${type}`);
    for (const [key, inner] of Object.entries(value)) {
      if (key.startsWith('@') || key === 'query-input') continue; // the latter is what search engines ask of a SearchAction
      if (!words.has(type, key)) wrong.push(`${name}: a ${type} has no ${key}`);
      look(name, inner);
    }
    return undefined;
  };
  for (const name of ['home', 'talk', 'plainTalk', 'edition', 'series', 'person']) {
    const html = await text(at[name]);
    things[name] = JSON.parse(html.match(/<script type="application\/ld\+json">(.*?)<\/script>/s)[1]);
    look(name, things[name]);
    const quads = await jsonld.toRDF(things[name], { documentLoader, format: 'application/n-quads' });
    assert.ok(quads.split('\n').length > 3, name);
    t.diagnostic(`${name}: ${quads.trim().split('\n').length} statements`);
    if (name === 'plainTalk') assert.match(quads, new RegExp(`<${site.url}${at.plainTalk}> <https://schema.org/name> "Let it crash"`));
  }
  assert.deepEqual(wrong, []);
  assert.deepEqual(Object.values(things).map((v) => v['@type']), ['WebSite', 'Event', 'Event', 'Event', 'EventSeries', 'Person']);
  assert.equal(things.plainTalk.performer[0].name, 'Joe Armstrong');
  assert.equal(things.talk.workFeatured[0]['@type'], 'PresentationDigitalDocument');
  assert.equal((await fetch(things.talk.workFeatured[0].encoding.contentUrl, { method: 'HEAD' })).headers.get('content-type'), 'application/pdf');
  assert.equal(things.edition.superEvent['@id'], things.series['@id']);
});

test('a chat shows a preview: title, description, picture', async () => {
  for (const name of ['home', 'talk', 'slide', 'tour']) {
    const html = await text(at[name]);
    const meta = Object.fromEntries([...html.matchAll(/<meta property="(og:[a-z:_]+)" content="([^"]*)">/g)].map((m) => [m[1], m[2].replaceAll('&amp;', '&')]));
    assert.ok(meta['og:title'] && meta['og:description'].length > 20 && meta['og:url'].startsWith(site.url), `${name}: ${JSON.stringify(meta)}`);
    const picture = await fetch(meta['og:image']);
    assert.match(picture.headers.get('content-type'), /^image\//, name);
  }
});

test('the editions of a series can be embedded elsewhere', async (t) => {
  const answer = await fetch(`${site.url}${at.embedBlock}.json`);
  assert.equal(answer.headers.get('access-control-allow-origin'), '*');
  const { editions } = await answer.json();
  assert.ok(editions.length >= 2);
  // The very code of the page, on a site of another origin.
  const [frame, , script] = [...(await text(at.embed)).matchAll(/<pre[^>]*><code>(.*?)<\/code>/gs)].map((m) => m[1].replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&#34;', '"').replaceAll('&#39;', "'").replaceAll('&#43;', '+').replaceAll('&amp;', '&'));
  const elsewhere = createServer((_, res) => res.setHeader('Content-Type', 'text/html').end(`<!doctype html><title>Next</title>${frame}${script}`));
  await new Promise((resolve) => { elsewhere.listen(0, '127.0.0.1', resolve); });
  const page = await browser.newPage();
  t.after(async () => {
    await page.close();
    elsewhere.close();
  });
  await page.goto(`http://127.0.0.1:${elsewhere.address().port}/`, { waitUntil: 'networkidle' });
  const inside = page.frameLocator('iframe').locator('li');
  assert.equal(await inside.count(), editions.length, 'the block shows them in a frame');
  assert.equal(await page.locator('#editions li').count(), editions.length, 'the script lists them');
  const fits = await page.locator('iframe').elementHandle().then((h) => h.contentFrame()).then((f) => f.evaluate(() => document.documentElement.scrollHeight <= window.innerHeight));
  assert.ok(fits, 'nothing of the block is cut off');
});

test('Highwire tags name our own PDF', async () => {
  const html = await text(at.talk);
  const meta = Object.fromEntries([...html.matchAll(/<meta name="(citation_[a-z_]+)" content="([^"]*)">/g)].map((m) => [m[1], m[2]]));
  assert.equal(meta.citation_title, 'Asking precisely');
  assert.match(meta.citation_pdf_url, new RegExp(`^${site.url}.*\\.pdf$`));
  assert.match(meta.citation_publication_date, /^\d{4}\/\d\d\/\d\d$/);
});
