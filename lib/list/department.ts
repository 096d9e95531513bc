/** Separates the parts of a department's path: `Faculty of Science / Physics`. */
export const pathSeparator = ' / '

/** For `like`: every path below this one. */
export const belowPattern = (path: string) => `${path.replace(/[\\%_]/g, '\\$&')}${pathSeparator}%`
