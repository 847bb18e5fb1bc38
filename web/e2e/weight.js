// What the first view of each kind of page asks for and weighs, in a browser
// that has seen nothing of the site, on a narrow screen.
//
//   node weight.js DATA-FOLDER|ADDRESS [QUERY]
//
// Bytes are as sent: headers and compressed bodies. Pictures are counted for
// themselves, since a page's goal of 60 kB is without thumbnails; what a page
// loads only when it is scrolled to is not asked for.
import { readdir, stat } from 'node:fs/promises';
import { launch } from './browser.js';
import { measured } from './pages.js';
import { serveFolder } from './serve.js';

const [where, query = 'testing'] = process.argv.slice(2);
if (!where) {
  console.error('usage: node weight.js DATA-FOLDER|ADDRESS [QUERY]');
  process.exit(2);
}
const GOAL = 60000;
const site = /^https?:/.test(where) ? { url: where.replace(/\/$/, ''), stop: async () => {} } : await serveFolder(where);
const browser = await launch();
let over = false;

async function weigh(path) {
  const context = await browser.newContext({ viewport: { width: 360, height: 800 }, deviceScaleFactor: 2, isMobile: true });
  try {
    const page = await context.newPage();
    const net = await context.newCDPSession(page);
    await net.send('Network.enable');
    const kinds = new Map();
    const sum = { Document: 0, Stylesheet: 0, Script: 0, Image: 0, Other: 0, requests: 0, failed: 0 };
    net.on('Network.responseReceived', (e) => {
      kinds.set(e.requestId, e.type in sum ? e.type : 'Other');
      if (e.response.status >= 400) sum.failed++;
    });
    net.on('Network.loadingFinished', (e) => {
      sum[kinds.get(e.requestId) ?? 'Other'] += e.encodedDataLength;
      sum.requests++;
    });
    await page.goto(site.url + path, { waitUntil: 'networkidle' });
    return sum;
  } finally {
    await context.close();
  }
}

try {
  console.log('page      requests  document    style   script    other  without pictures  pictures');
  for (const [name, path] of await measured(site.url, query)) {
    const s = await weigh(path);
    const bare = s.Document + s.Stylesheet + s.Script + s.Other;
    const column = (n, wide = 9) => String(n).padStart(wide);
    console.log(`${name.padEnd(10)}${column(s.requests, 8)}${column(s.Document, 10)}${column(s.Stylesheet)}${column(s.Script)}${column(s.Other)}${column(bare, 18)}${column(s.Image, 10)}${s.failed ? `  ${s.failed} FAILED` : ''}`);
    over ||= bare > GOAL || s.failed > 0;
  }
} finally {
  await browser.close();
  await site.stop();
}

// What lies in the program, unpacked.
const folder = new URL('../static/', import.meta.url);
for (const kind of ['.css', '.js']) {
  let sum = 0;
  const names = (await readdir(folder)).filter((n) => n.endsWith(kind));
  for (const name of names) sum += (await stat(new URL(name, folder))).size;
  console.log(`${kind.slice(1).padEnd(4)} ${String(sum).padStart(6)} bytes unpacked in ${names.join(', ')}`);
}
process.exitCode = over ? 1 : 0;
