/** The policy in force at the sample company. */
export const POLICY = 'almado@1';
