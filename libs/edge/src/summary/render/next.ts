import type { Summary } from '../summary.js';
import { heading } from './layout.js';

/** Commands and addresses for whoever wants to see more; nothing without the service's address. */
export function renderNext({ url, audiences, stops }: Summary): string[] {
  if (url === undefined) return [];
  const run = audiences.find((audience) => audience.run !== undefined);
  const holds = audiences.find((audience) => audience.someone !== undefined);
  const [stop] = stops.undone;
  const [subject] = stop?.subjects ?? [];
  const curl = (path: string) => `  curl -H "Authorization: Bearer $KYOKA_TOKEN" ${url}${path}`;
  return [
    heading('Where to look next', 'with the token of the first start in KYOKA_TOKEN'),
    `  export KYOKA_URL=${url}`,
    ...(subject === undefined
      ? []
      : [
          '  What is held of the person who was stopped, and why:',
          `  npx --no kyoka explain ${subject}`,
        ]),
    ...(stop === undefined
      ? []
      : ['  How far the removals are:', curl(`/v1/suspensions/${stop.id}`)]),
    ...(run?.run === undefined
      ? []
      : [
          '  The waterfall of an audience:',
          `  npx --no kyoka audience show ${run.id} ${run.run.id}`,
        ]),
    ...(holds?.someone === undefined
      ? []
      : [
          `  To stop the use of somebody whom ${holds.recipient} holds, and see the removal confirmed:`,
          `  npx --no kyoka suspend ${holds.someone} --wait 60`,
        ]),
    '  What was parked, and why:',
    curl('/v1/parked'),
    '  Every operation and every event:',
    curl('/openapi.json'),
    curl('/asyncapi.json'),
  ];
}
