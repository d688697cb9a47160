import type { Identity } from './identity.js';

/** How a list of users names a role. */
const roleName = (role: string): string => `role:${role}`;

/**
 * In which words a list of users (`user:sato`, `role:marketing`) names somebody: their own name, or
 * that of a role they have; `undefined` where it doesn't.
 */
export function namedAs(
  users: readonly string[],
  { owner, roles }: Pick<Identity, 'owner' | 'roles'>,
): string | undefined {
  return [owner, ...roles.map(roleName)].find((name) => users.includes(name));
}

/** In whose name somebody acts where a role does: the first of their roles, else they themselves. */
export const actingRole = ({ owner, roles }: Pick<Identity, 'owner' | 'roles'>): string => {
  const [first] = roles.toSorted();
  return first === undefined ? owner : roleName(first);
};

/** Whether somebody may act in the name of a role, or of an owner where the owner had none. */
export const mayActAs = (name: string, identity: Pick<Identity, 'owner' | 'roles'>): boolean =>
  namedAs([name], identity) !== undefined;
