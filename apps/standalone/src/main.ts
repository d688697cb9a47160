import process, { argv, stderr } from 'node:process';
import { runProcess } from '@kyoka/runtime';
import { openScreen } from './screen.js';
import { start } from './start.js';

const NEW_TOKEN = '--new-token';

const words = argv.slice(2);
if (words.some((word) => word !== NEW_TOKEN)) {
  stderr.write(`usage: npm start [-- ${NEW_TOKEN}]\n`);
  process.exitCode = 2;
} else {
  const screen = openScreen();
  await runProcess({
    role: 'standalone',
    start: (running) => {
      screen.say('\nKyoka 許可\n');
      return start(running, { screen, newToken: words.includes(NEW_TOKEN) });
    },
    onStopping: () => screen.say('\nStopping.'),
  });
}
