// Lighthouse's four scores of each kind of page, over an archive of your own.
//
//   node lighthouse.js DATA-FOLDER|ADDRESS [QUERY]
//
// Pages are those of the first hit of QUERY ("testing"), and of the first hit
// that has slides; settings are Lighthouse's own for mobile, with its
// simulated slow network and processor; each number is the median of three
// runs. What costs a page points is told below the table.
import { launch } from 'chrome-launcher';
import lighthouse from 'lighthouse';
import { measured } from '../e2e/pages.js';
import { serveFolder } from '../e2e/serve.js';

const [where, query = 'testing'] = process.argv.slice(2);
if (!where) {
  console.error('usage: node lighthouse.js DATA-FOLDER|ADDRESS [QUERY]');
  process.exit(2);
}
const RUNS = Number(process.env.RUNS ?? 3);
const CATEGORIES = ['performance', 'accessibility', 'best-practices', 'seo'];
const site = /^https?:/.test(where) ? { url: where.replace(/\/$/, ''), stop: async () => {} } : await serveFolder(where);

// run is one run; one that Chromium could not trace is done again.
async function run(path) {
  for (let tries = 1; ; tries++) {
    const { lhr } = await lighthouse(site.url + path, { port: chrome.port, logLevel: 'error', onlyCategories: CATEGORIES });
    if (!lhr.runtimeError) return lhr;
    if (tries === 3) throw new Error(`${path}: ${lhr.runtimeError.message}`);
  }
}

const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];

const chrome = await launch({
  chromePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  chromeFlags: ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
let short = false;
try {
  console.log(`page      ${CATEGORIES.map((c) => c.padStart(14)).join('')}   LCP     TBT  CLS`);
  const lost = [];
  const list = await measured(site.url, query);
  await run('/'); // the first of a fresh browser is of no page's making
  for (const [name, path] of list) {
    const runs = [];
    for (let i = 0; i < RUNS; i++) runs.push(await run(path));
    const scores = CATEGORIES.map((c) => Math.round(100 * median(runs.map((r) => r.categories[c].score))));
    const value = (audit) => median(runs.map((r) => r.audits[audit].numericValue));
    console.log(`${name.padEnd(10)}${scores.map((s) => String(s).padStart(14)).join('')}   ${(value('largest-contentful-paint') / 1000).toFixed(2)} s ${value('total-blocking-time').toFixed(0).padStart(4)} ms  ${value('cumulative-layout-shift').toFixed(3)}`);
    short ||= scores[0] < 98 || scores.slice(1).some((s) => s < 100);
    const last = runs[runs.length - 1];
    for (const c of CATEGORIES) {
      for (const ref of last.categories[c].auditRefs) {
        const audit = last.audits[ref.id];
        if (ref.weight > 0 && audit.score !== null && audit.score < 0.9) lost.push(`${name}: ${c}: ${audit.title}${audit.displayValue ? ` (${audit.displayValue})` : ''}${details(audit)}`);
      }
    }
  }
  for (const line of lost) console.log(line);
} finally {
  chrome.kill();
  await site.stop();
}
process.exitCode = short ? 1 : 0;

// details names the first things that an audit points at.
function details(audit) {
  const items = audit.details?.items ?? [];
  const names = items.slice(0, 2).map((i) => i.node?.snippet ?? i.source?.url ?? i.url ?? i.description ?? '').filter(Boolean);
  return names.length ? `: ${names.join(' | ')}` : '';
}
