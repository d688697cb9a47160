import { instant, integer, json, key, text } from './columns.js';
import { table } from './table.js';

const columns = { name: key(text()), at: instant(), took_ms: integer(), value: json() };

export const permissionsFigure = table('permissions.figure', columns);
export const audiencesFigure = table('audiences.figure', columns);
