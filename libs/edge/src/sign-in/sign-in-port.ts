import type { SigningIn } from '@kyoka/access';

export interface SignInPort extends SigningIn {
  /** Whether people reach the service over TLS only. */
  readonly secure: boolean;
}
