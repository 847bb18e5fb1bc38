// Asks a site for its addresses, and tells which are dead or slow.
//
//   node crawl.js DATA-FOLDER|ADDRESS all           every address that links lead to
//   node crawl.js DATA-FOLDER|ADDRESS 5000 [SEED]   a sample of that many
//
// A sample is drawn from the sitemap by a seeded generator; for each page
// asked, one of its links within the site is asked too, so that what stands in
// no sitemap (searches, files, pictures, slides) has its share. What took over
// half a second is asked once more: a machine that does other things too makes
// single requests slow, a slow page is slow twice.
import { serveFolder } from './serve.js';

const [where, count = '5000', seed = '1'] = process.argv.slice(2);
if (!where || !(count === 'all' || Number(count) > 0) || !Number.isInteger(Number(seed))) {
  console.error('usage: node crawl.js DATA-FOLDER|ADDRESS [HOW-MANY|all] [SEED]');
  process.exit(2);
}
const site = /^https?:/.test(where) ? { url: where, stop: async () => {} } : await serveFolder(where);
const origin = new URL(site.url).origin;
const LIMIT = 500; // ms
const MOST = 100000; // addresses

// random draws numbers from 0 to 1 that are the same for a seed (mulberry32).
let state = Number(seed) >>> 0;
function random() {
  state = (state + 0x6d2b79f5) >>> 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}

const entities = (s) => s.replaceAll('&amp;', '&').replaceAll('&#43;', '+').replaceAll('&#34;', '"').replaceAll('&#39;', "'");
const asked = new Map(); // address: ms
const dead = [];
const slow = [];

async function get(address) {
  const began = performance.now();
  const answer = await fetch(address, { redirect: 'manual' });
  const body = await answer.arrayBuffer();
  return { answer, body, took: performance.now() - began };
}

// ask returns the links of a page; none of anything else.
async function ask(address, from) {
  let { answer, body, took } = await get(address);
  asked.set(address, took);
  if (answer.status >= 400) dead.push(`${answer.status} ${address} (from ${from})`);
  if (took > LIMIT) {
    const again = (await get(address)).took;
    slow.push({ address, took, again });
  }
  const to = answer.headers.get('location');
  if (answer.status >= 300 && answer.status < 400 && to) return [to];
  if (!/html/.test(answer.headers.get('content-type') ?? '')) return [];
  return links(new TextDecoder().decode(body));
}

const links = (html) => [...new Set([...html.matchAll(/\s(?:href|src)="([^"]*)/g), ...html.matchAll(/\ssrcset="([^ "]*)/g)].map((m) => entities(m[1])))];
// Within the site, and not what changes the visitor's language or asks for a password.
const ours = (link, base) => {
  const u = new URL(link, base);
  if (u.origin !== origin || /^\/desk/.test(u.pathname) || u.searchParams.has('ui')) return null;
  return u.href.replace(/#.*/, '');
};
const locations = (xml) => [...xml.matchAll(/<loc>(.*?)<\/loc>/g)].map((m) => entities(m[1]));

async function sitemap() {
  const all = [];
  for (const part of locations(await (await fetch(`${origin}/sitemap.xml`)).text())) {
    const xml = await (await fetch(part)).text();
    all.push(...(/<urlset/.test(xml) ? locations(xml) : [part]));
  }
  return all;
}

// everything follows all links; those of search results only to what is no
// search, since questions have no end.
async function everything() {
  const queue = [...(await sitemap()), `${origin}/`].map((a) => [a, 'the sitemap']);
  const known = new Set(queue.map(([a]) => a));
  for (let i = 0; i < queue.length && i < MOST; i++) {
    const [address, from] = queue[i];
    const inSearch = new URL(address).pathname === '/search';
    for (const link of await ask(address, from)) {
      const next = ours(link, address);
      if (!next || known.has(next) || (inSearch && new URL(next).pathname === '/search')) continue;
      known.add(next);
      queue.push([next, address]);
    }
  }
  return queue.length;
}

async function sample(want) {
  const all = await sitemap();
  const left = [...all];
  while (left.length && asked.size < want) {
    const at = Math.floor(random() * left.length);
    const address = left[at];
    left[at] = left[left.length - 1];
    left.pop();
    if (asked.has(address)) continue;
    const found = (await ask(address, 'the sitemap')).map((l) => ours(l, address)).filter((l) => l && !asked.has(l));
    if (found.length && asked.size < want) await ask(found[Math.floor(random() * found.length)], address);
  }
  return all.length;
}

try {
  const there = count === 'all' ? await everything() : await sample(Number(count));
  const times = [...asked.values()].sort((a, b) => a - b);
  const at = (q) => times[Math.min(times.length - 1, Math.floor(times.length * q))].toFixed(1);
  const twice = slow.filter((s) => s.again > LIMIT);
  console.log(`${asked.size} addresses asked of ${there} ${count === 'all' ? 'found' : `in the sitemap, seed ${seed}`}: ${dead.length} dead, ${twice.length} over ${LIMIT} ms (${slow.length} at first)`);
  console.log(`p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, p99 ${at(0.99)} ms, most ${at(1)} ms; the slowest ten:`);
  for (const [address, took] of [...asked].sort((a, b) => b[1] - a[1]).slice(0, 10)) {
    const again = slow.find((s) => s.address === address)?.again;
    console.log(`${took.toFixed(0).padStart(7)} ms${again === undefined ? '' : `, again ${again.toFixed(0)} ms`}  ${address.slice(origin.length)}`);
  }
  for (const line of dead.slice(0, 40)) console.log(`dead: ${line}`);
  process.exitCode = dead.length || twice.length ? 1 : 0;
} finally {
  await site.stop();
}
