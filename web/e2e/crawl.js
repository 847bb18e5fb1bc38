// Asks a running site for a sample of all its addresses and tells which are
// dead or slow. The sample is spread evenly over the sitemap and, for each page
// asked, one link within the site that was not asked before.
//
//   node crawl.js http://127.0.0.1:8017 [5000]
const [base, count = '5000'] = process.argv.slice(2);
if (!base) {
  console.error('usage: node crawl.js ADDRESS [HOW-MANY]');
  process.exit(2);
}
const origin = new URL(base).origin;
const locations = (xml) => [...xml.matchAll(/<loc>(.*?)<\/loc>/g)].map((m) => m[1].replaceAll('&amp;', '&'));
const parts = locations(await (await fetch(`${origin}/sitemap.xml`)).text());
const all = [];
for (const part of parts) all.push(...locations(await (await fetch(part)).text()));
const want = Math.min(Number(count), all.length * 2);
const step = Math.max(1, all.length / (want / 2));
const asked = new Set();
const dead = [], slow = [], times = [];

async function ask(address, from) {
  asked.add(address);
  const began = performance.now();
  const answer = await fetch(address, { redirect: 'manual' });
  const body = await answer.text();
  const took = performance.now() - began;
  times.push(took);
  if (answer.status >= 400) dead.push(`${answer.status} ${address} (from ${from})`);
  if (took > 500) slow.push(`${Math.round(took)} ms ${address}`);
  return body;
}

for (let i = 0; i < all.length && asked.size < want; i += step) {
  const address = all[Math.floor(i)];
  if (asked.has(address)) continue;
  const body = await ask(address, 'the sitemap');
  const links = [...body.matchAll(/(?:href|src)="(\/[^"#]*)/g)].map((m) => origin + m[1].replaceAll('&amp;', '&')).filter((l) => !l.includes('ui=') && !asked.has(l));
  if (links.length && asked.size < want) await ask(links[Math.floor(i * 7) % links.length], address);
}
times.sort((a, b) => a - b);
const at = (q) => times[Math.min(times.length - 1, Math.floor(times.length * q))].toFixed(1);
console.log(`${asked.size} of ${all.length} addresses in the sitemap and links asked: ${dead.length} dead, ${slow.length} over 500 ms; p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, most ${at(1)} ms`);
for (const line of [...dead, ...slow].slice(0, 40)) console.log(line);
process.exitCode = dead.length || slow.length ? 1 : 0;
