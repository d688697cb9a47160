const refuse = () => Promise.reject(new Error('not asked here'));

/** Ports of the intake role that a test of its topics doesn't reach. */
export const NOT_ASKED = {
  parked: { list: refuse, replay: refuse, dismiss: refuse },
  publishers: { list: refuse, register: refuse, rotate: refuse, revoke: refuse },
};
