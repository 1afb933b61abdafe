/** The version that the stand-in stands in for. */
export const version = '2.0.10';
