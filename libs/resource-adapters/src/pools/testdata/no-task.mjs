// A module that is none for a pool: it has no default export.
export const task = () => {};
