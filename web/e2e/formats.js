// What machines are told, read again by parsers that are not ours.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { Cite } from '@citation-js/core';
import '@citation-js/plugin-bibtex';
import '@citation-js/plugin-ris';
import '@citation-js/plugin-csl';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import ICAL from 'ical.js';
import { shared } from './browser.js';

let site, at;
before(async () => {
  ({ site, at } = await shared());
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

test('JSON-LD says what the page says', async () => {
  const things = {};
  for (const name of ['home', 'talk', 'plainTalk', 'edition', 'series', 'person']) {
    const html = await text(at[name]);
    things[name] = JSON.parse(html.match(/<script type="application\/ld\+json">(.*?)<\/script>/s)[1]);
    assert.equal(things[name]['@context'], 'https://schema.org');
  }
  assert.deepEqual(Object.values(things).map((t) => t['@type']), ['WebSite', 'Event', 'Event', 'Event', 'EventSeries', 'Person']);
  assert.equal(things.plainTalk.performer[0].name, 'Joe Armstrong');
  assert.equal(things.talk.workFeatured[0]['@type'], 'PresentationDigitalDocument');
  assert.equal((await fetch(things.talk.workFeatured[0].contentUrl, { method: 'HEAD' })).headers.get('content-type'), 'application/pdf');
  assert.equal(things.edition.superEvent['@id'], things.series['@id']);
});

test('Highwire tags name our own PDF', async () => {
  const html = await text(at.talk);
  const meta = Object.fromEntries([...html.matchAll(/<meta name="(citation_[a-z_]+)" content="([^"]*)">/g)].map((m) => [m[1], m[2]]));
  assert.equal(meta.citation_title, 'Asking precisely');
  assert.match(meta.citation_pdf_url, new RegExp(`^${site.url}.*\\.pdf$`));
  assert.match(meta.citation_publication_date, /^\d{4}\/\d\d\/\d\d$/);
});
