/** Names under which NestJS injects the ports. */
export const INTAKE = Symbol('IntakePort');
export const PARKED = Symbol('ParkedPort');
export const PUBLISHERS = Symbol('PublishersPort');
export const TOPIC_RIGHTS = Symbol('TopicRights');
export const COUNTED = Symbol('Counted');
export const DECISIONS = Symbol('DecisionsPort');
export const SUBJECTS = Symbol('SubjectsPort');
export const SUSPENSIONS = Symbol('SuspensionsPort');
export const ERASURES = Symbol('ErasuresPort');
export const FREEZES = Symbol('FreezesPort');
export const SWITCHES = Symbol('SwitchesPort');
export const RECIPIENTS = Symbol('RecipientsPort');
export const AUDIENCES = Symbol('AudiencesPort');
export const TOKENS = Symbol('TokensPort');
export const SIGN_IN = Symbol('SignInPort');
export const CHECKS = Symbol('ReadinessChecks');
export const CONSOLE = Symbol('ConsolePort');
