// Serves an archive that is there already, for what measures the site.
import { spawn } from 'node:child_process';

// serveFolder starts `rostrum serve` over a data folder and resolves, once the
// index has followed the archive, with its address and how to stop it.
// ROSTRUM names the program, ROSTRUM_URL a site that runs already.
export async function serveFolder(data) {
  if (process.env.ROSTRUM_URL) return { url: process.env.ROSTRUM_URL.replace(/\/$/, ''), stop: async () => {} };
  const program = process.env.ROSTRUM ?? new URL('../../rostrum', import.meta.url).pathname;
  const child = spawn(program, ['serve', '--data', data, '--addr', '127.0.0.1:0', '--json'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => { child.on('exit', resolve); });
  const stop = async () => {
    child.kill('SIGINT');
    await ended;
  };
  const url = await new Promise((resolve, reject) => {
    let said = '';
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`rostrum serve ended with ${code}`)));
    child.stdout.on('data', (chunk) => {
      said += chunk;
      if (said.includes('\n')) resolve(JSON.parse(said.slice(0, said.indexOf('\n'))).address);
    });
  });
  try {
    await followed(url);
  } catch (e) {
    await stop();
    throw e;
  }
  return { url, stop };
}

// followed waits until the index has all that the archive holds.
async function followed(url) {
  for (let i = 0; i < 3000; i++) {
    const { revision, indexed } = await (await fetch(`${url}/healthz`)).json();
    if (indexed >= revision) return;
    await new Promise((resolve) => { setTimeout(resolve, 200); });
  }
  throw new Error('the index did not follow the archive within ten minutes');
}
