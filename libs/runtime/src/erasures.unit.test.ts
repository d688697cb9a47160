import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { requireWritable } from './erasures.js';

it('names the folder of backups that cannot be written, and makes one that can', async () => {
  const place = await mkdtemp(join(tmpdir(), 'kyoka-backup-'));
  try {
    await requireWritable(join(place, 'made'));
    await writeFile(join(place, 'file'), '');
    await expect(requireWritable(join(place, 'file', 'backup'))).rejects.toMatchObject({
      code: 'config_invalid',
      faults: [{ field: 'KYOKA_BACKUP_DIR' }],
    });
  } finally {
    await rm(place, { recursive: true, force: true });
  }
});
