/**
 * What memory is filled with that nobody may read any more: states that differ in rubbish alone become one.
 */
export const RUBBISH = 0xdb;
