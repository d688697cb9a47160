export { SANDBOX_CREDENTIALS } from './credentials.js';
export type { Fault, FaultKind, FaultRequest } from './faults.js';
export type { JobPlan, JournalEntry } from './journal.js';
export type { MailFault, MailFaultKind, MailFaultRequest } from './mail/faults.js';
export { type MailServer, type PlayedMail, startMailServer } from './mail/mail-server.js';
export { startSandbox, type Sandbox, type SandboxOptions } from './sandbox.js';
export type { MemberDigests, Network, Operation } from './words.js';
export type { ListMember, ListState } from './world.js';
