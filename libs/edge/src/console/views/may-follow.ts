import type { Identity } from '@kyoka/access';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';

/**
 * Whether somebody may see what a stop removed where. A stop without a name tells nothing of anybody,
 * but who can ask for stops by a contact point knows the name; they may see it only where they may
 * read about people.
 */
export const mayFollow = ({ scopes }: Pick<Identity, 'scopes'>): boolean =>
  scopes.has('subjects:read') || !(scopes.has('suspensions:write') || scopes.has('erasures:write'));

/** Set by the frame of a page. */
export const FollowContext = createContext(false);

export const useMayFollow = (): boolean => useContext(FollowContext);
