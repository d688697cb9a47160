import type { MigrationInterface } from 'typeorm';
import { Permissions1764100000000 } from './1764100000000-permissions.js';
import { Audiences1764200000000 } from './1764200000000-audiences.js';
import { GateRefusalKey1764300000000 } from './1764300000000-gate-refusal-key.js';
import { Access1764400000000 } from './1764400000000-access.js';
import { Publishers1764500000000 } from './1764500000000-publishers.js';
import { PersonPages1764600000000 } from './1764600000000-person-pages.js';
import { Clock1764700000000 } from './1764700000000-clock.js';
import { Erasure1764800000000 } from './1764800000000-erasure.js';
import { RecordTerms1764800000001 } from './1764800000001-record-terms.js';
import { Services1764900000000 } from './1764900000000-services.js';
import { Console1765100000000 } from './1765100000000-console.js';
import { JournalStops1765200000000 } from './1765200000000-journal-stops.js';
import { Purges1765300000000 } from './1765300000000-purges.js';
import { Figures1765300000001 } from './1765300000001-figures.js';
import { ErasureReach1765400000000 } from './1765400000000-erasure-reach.js';
import { ConfirmedWishes1765400000001 } from './1765400000001-confirmed-wishes.js';
import { LateRecords1765700000000 } from './1765700000000-late-records.js';
import { Past1765710000000 } from './1765710000000-past.js';
import { PolicyVersions1765720000000 } from './1765720000000-policy-versions.js';
import { Disclosures1765730000000 } from './1765730000000-disclosures.js';
import { KnownContacts1765750000000 } from './1765750000000-known-contacts.js';
import { RemainsEnd1765760000000 } from './1765760000000-remains-end.js';

/** Every migration, oldest first. Forward only: a landed one is never edited. */
export const MIGRATIONS: (new () => MigrationInterface)[] = [
  Permissions1764100000000,
  Audiences1764200000000,
  GateRefusalKey1764300000000,
  Access1764400000000,
  Publishers1764500000000,
  PersonPages1764600000000,
  Clock1764700000000,
  Erasure1764800000000,
  RecordTerms1764800000001,
  Services1764900000000,
  Console1765100000000,
  JournalStops1765200000000,
  Purges1765300000000,
  Figures1765300000001,
  ErasureReach1765400000000,
  ConfirmedWishes1765400000001,
  LateRecords1765700000000,
  Past1765710000000,
  PolicyVersions1765720000000,
  Disclosures1765730000000,
  KnownContacts1765750000000,
  RemainsEnd1765760000000,
];
