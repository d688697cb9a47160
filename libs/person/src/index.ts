export { PAGE_SOURCE } from './acts/page-event.js';
export type { Confirmation } from './acts/confirmation.js';
export { askConfirmation, findConfirmation } from './acts/confirmations.js';
export { confirmedWishes, useConfirmation, type WishOutcome } from './acts/confirmed-wishes.js';
export { requestReceipt } from './acts/request-receipt.js';
export { stopByOneClick, stopOnPage } from './acts/stop.js';
export type { StopWish } from './acts/stop-wish.js';
export { type AllowWish, cellKey, cellNamed } from './acts/wish.js';
export { endedLinks } from './links/end-links.js';
export {
  findLink,
  type LinkGrant,
  type LinkHolder,
  type LinkScope,
  type MintedLink,
  mintLinks,
  type Page,
} from './links/page-tokens.js';
export { dutyMails, type MailTold } from './mails/send-mails.js';
export type { Lang, PageTerms, PersonPorts } from './ports.js';
export type { EvidenceShown } from './view/evidence.js';
export { type OwnStop, readReceipts, type StopReceipt } from './view/own-stops.js';
export type { Cell } from './view/page-cells.js';
export {
  type CellView,
  type MailTarget,
  type PersonView,
  type PurposeView,
  readPersonView,
} from './view/person-view.js';
