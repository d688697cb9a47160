const PATH = /^\/(?![/\\])[\w\-./~%?&=:@+,;]{0,500}$/;

/** Where somebody wanted to go, if that is a path of this service; else its first page. */
export const localPath = (to: unknown): string =>
  typeof to === 'string' && PATH.test(to) ? to : '/';
