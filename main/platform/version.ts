/** The app's version; package.json has the same, which a test checks. */
export const version = '0.1.0';
