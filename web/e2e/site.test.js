// All browser tests, against one demo: `ROSTRUM=../../rostrum node --test`.
import { after } from 'node:test';
import { end } from './browser.js';
import './journey.js';
import './every-page.js';
import './formats.js';
import './desk.js';

after(end);
