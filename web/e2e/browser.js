// What all browser tests share: Debian's Chromium, and the program under test.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { kinds } from './kinds.js';

export const launch = () => chromium.launch({
  executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
  headless: true,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});

// serve starts `rostrum demo` in a folder of its own and resolves with its
// address and how to stop it. ROSTRUM_URL names a site that runs already.
export async function serve() {
  if (process.env.ROSTRUM_URL) return { url: process.env.ROSTRUM_URL.replace(/\/$/, ''), stop: async () => {} };
  const program = process.env.ROSTRUM;
  if (!program) throw new Error('ROSTRUM must name the program to test, or ROSTRUM_URL a site that runs');
  const folder = await mkdtemp(join(tmpdir(), 'rostrum-e2e-'));
  const child = spawn(program, ['demo', '--data', join(folder, 'data'), '--addr', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  const url = await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no address within two minutes; it said:\n${said}`)), 120000);
    const hear = (chunk) => {
      said += chunk;
      const found = said.match(/http:\/\/(?:127\.0\.0\.1|localhost):\d+/);
      if (!found) return;
      clearTimeout(timer);
      resolve(found[0]);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', (chunk) => { said += chunk; });
    child.on('exit', (code) => { clearTimeout(timer); reject(new Error(`rostrum demo ended with ${code}; it said:\n${said}`)); });
  });
  const ended = new Promise((resolve) => { child.on('exit', resolve); });
  const stop = async () => {
    child.kill('SIGINT');
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  await followed(url).catch(async (e) => {
    await stop();
    throw e;
  });
  return { url, stop };
}

// followed waits until the index has all that the archive holds.
async function followed(url) {
  for (let i = 0; i < 600; i++) {
    const { revision, indexed } = await (await fetch(`${url}/healthz`)).json();
    if (revision > 0 && indexed >= revision) return;
    await new Promise((resolve) => { setTimeout(resolve, 100); });
  }
  throw new Error('the index did not follow the archive within a minute');
}

// shared is one site, one browser and the addresses of its kinds of pages for
// all tests: starting them costs more than most tests do.
let starting;
export const shared = () => (starting ??= start());
async function start() {
  const site = await serve();
  let browser;
  try {
    browser = await launch();
    return { site, browser, at: await kinds(site.url) };
  } catch (e) { // what runs on would keep this process from ending
    await browser?.close();
    await site.stop();
    throw e;
  }
}
export async function end() {
  const { site, browser } = await shared().catch(() => ({}));
  await browser?.close();
  await site?.stop();
}
