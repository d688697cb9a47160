import { runProcess } from '@kyoka/runtime';
import { start } from './start.js';

await runProcess({ role: 'console', start });
