// Makes the README's picture, web/screenshot.png: the demo's results for
// "crash", as a visitor with a light scheme sees them at 1280 × 800.
//
//   go build -o rostrum ./cmd/rostrum && cd web/e2e && npm ci && ROSTRUM=../../rostrum node screenshot.js
//
// CHROMIUM names another browser than /usr/bin/chromium.
import { launch, serve } from './browser.js';

const site = await serve();
const browser = await launch();
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme: 'light', locale: 'en-GB', reducedMotion: 'reduce' });
  await page.goto(`${site.url}/search?q=crash`, { waitUntil: 'networkidle' });
  await page.screenshot({ path: new URL('../screenshot.png', import.meta.url).pathname });
} finally {
  await browser.close();
  await site.stop();
}
